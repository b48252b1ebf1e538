package services

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/crewjam/saml"

	"kapu/internal/federation/saml/wire"
)

// leave is the address at the gateway that ends the session there, too (SAML
// Profiles, 4.4.3.1); "" when the gateway does not answer.
func (s *Service) leave(ctx context.Context, was session) string {
	peer, err := s.peer(ctx)
	if err != nil {
		return ""
	}
	to := peer.GetSLOBindingLocation(saml.HTTPRedirectBinding)
	q := wire.LogoutRequest{Header: s.header(to, ""), Reason: wire.ReasonUser,
		NameID: wire.NameID{Value: was.Proof.Subject, Format: wire.FormatPersistent}, Sessions: []string{was.Index}}
	text, err := q.Write(nil)
	if err != nil {
		return ""
	}
	address, err := wire.Carried{Message: text}.RedirectURL(to, s.saml.signer)
	if err != nil {
		return ""
	}
	return address
}

// logout takes the gateway's word that a session is over, and its answer to ours.
func (s *Service) logout(w http.ResponseWriter, r *http.Request) {
	to, err := s.hearSAML(w, r)
	if err != nil {
		s.Log.Warn("demo service: no logout message", "service", s.Party.ID, "cause", err)
		s.showProblem(w, r, http.StatusBadRequest, "stale", "")
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// hearSAML reads a message about the end of a session and tells where the visitor
// goes then.
func (s *Service) hearSAML(w http.ResponseWriter, r *http.Request) (to string, err error) {
	message, err := messageOf(w, r)
	if err != nil {
		return "", err
	}
	peer, err := s.peer(r.Context())
	if err != nil {
		return "", err
	}
	if message.Issuer() != peer.IDPMetadata.EntityID {
		return "", errors.New("it is not the gateway that speaks")
	}
	pinned, err := certificates(peer.IDPMetadata)
	if err != nil {
		return "", err
	}
	document, err := message.Verify(pinned...)
	if err != nil {
		return "", err
	}
	if message.Kind() == wire.KindLogoutResponse { // it ended here before the gateway was asked
		answer, err := wire.ReadLogoutResponse(document)
		if err != nil {
			return "", err
		}
		return goodbyePath, answer.Check(s.URL+logoutPath, true, s.Now())
	}
	q, err := wire.ReadLogoutRequest(document)
	if err == nil {
		err = q.Check(s.URL+logoutPath, true, s.Now())
	}
	if err != nil {
		return "", err
	}
	s.endMeant(q)
	return s.answerURL(peer.GetSLOBindingLocation(saml.HTTPRedirectBinding), q.ID, message.RelayState)
}

func messageOf(w http.ResponseWriter, r *http.Request) (*wire.Message, error) {
	if r.Method == http.MethodGet {
		return wire.ReadRedirect(r.URL.RawQuery)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxResponse))
	if err != nil {
		return nil, err
	}
	return wire.ReadPost(body)
}

// endMeant ends the sessions that a request means: those that it names, or all of
// the person (SAML Core, 3.7.1).
func (s *Service) endMeant(q wire.LogoutRequest) {
	for _, index := range q.Sessions {
		s.sessions.endThose(index, "")
	}
	if len(q.Sessions) == 0 {
		s.sessions.endThose("", q.NameID.Value)
	}
}

// answerURL brings the gateway the answer that the session is over (SAML Profiles, 4.4.3.4).
func (s *Service) answerURL(to, id, relay string) (string, error) {
	a := wire.LogoutResponse{Header: s.header(to, id), Status: wire.Status{Code: wire.Success}}
	text, err := a.Write(nil)
	if err != nil {
		return "", err
	}
	return wire.Carried{Response: true, Message: text, RelayState: relay}.RedirectURL(to, s.saml.signer)
}
