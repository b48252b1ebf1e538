package services

import (
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/crewjam/saml"

	"kapu/internal/federation/saml/wire"
)

// maxResponse bounds the gateway's form, in bytes.
const maxResponse = 1 << 20

func (s *Service) askedCookie(id string) string { return s.Party.ID + "-asked-" + id[1:9] }

// header is what every message of the service begins with.
func (s *Service) header(destination, inResponseTo string) wire.Header {
	return wire.Header{ID: "_" + randomToken(), InResponseTo: inResponseTo, IssueInstant: s.Now().UTC(), Destination: destination, Issuer: s.EntityID()}
}

// askSAML sends the visitor to the gateway (SAML Profiles, 4.1.3.3).
func (s *Service) askSAML(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.sessions.of(s.cookie(r, s.sessionCookie()), s.Now()); ok {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	address, id, err := s.requestURL(r.Context())
	if err != nil {
		s.Log.Warn("demo service: the gateway does not answer", "service", s.Party.ID, "cause", err)
		s.showProblem(w, r, http.StatusServiceUnavailable, "gateway", "")
		return
	}
	s.setCookie(w, s.askedCookie(id), id, attemptLife)
	http.Redirect(w, r, address, http.StatusSeeOther)
}

func (s *Service) requestURL(ctx context.Context) (address, id string, err error) {
	peer, err := s.peer(ctx)
	if err != nil {
		return "", "", err
	}
	to := peer.GetSSOBindingLocation(saml.HTTPRedirectBinding)
	q := wire.AuthnRequest{Header: s.header(to, ""), ACSURL: s.URL + consumerPath, Binding: wire.PostBinding}
	text, err := q.Write(nil)
	if err != nil {
		return "", "", err
	}
	address, err = wire.Carried{Message: text}.RedirectURL(to, s.saml.signer)
	return address, q.ID, err
}

// consume takes the gateway's response (SAML Profiles, 4.1.4). It must answer what
// this browser has asked.
func (s *Service) consume(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxResponse)
	text, err := base64.StdEncoding.DecodeString(r.PostFormValue("SAMLResponse"))
	asked := s.askedBy(r)
	if err != nil || len(asked) == 0 {
		s.showProblem(w, r, http.StatusBadRequest, "stale", "")
		return
	}
	said, err := s.verify(r.Context(), text, asked)
	if refused, ok := errors.AsType[saml.ErrBadStatus](err); ok {
		s.showRefusal(w, r, text, refused.Status)
		return
	}
	if err == nil && !s.heard.first(said.ID, said.Conditions.NotOnOrAfter, s.Now()) {
		err = errors.New("the assertion was used before")
	}
	if err != nil {
		s.Log.Warn("demo service: sign-in failed", "service", s.Party.ID, "cause", err)
		s.showProblem(w, r, http.StatusBadGateway, "failed", "")
		return
	}
	for _, id := range asked {
		s.setCookie(w, s.askedCookie(id), "", -1)
	}
	s.setCookie(w, s.sessionCookie(), s.sessions.begin(sessionOf(said), s.Now()), sessionLife)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// askedBy are the requests on whose answers a browser waits.
func (s *Service) askedBy(r *http.Request) (ids []string) {
	for _, c := range r.Cookies() {
		if len(c.Value) == stateLength+1 && c.Name == s.askedCookie(c.Value) {
			ids = append(ids, c.Value)
		}
	}
	return ids
}

// library guards the clock of the SAML library, of which there is one in a program.
var library sync.Mutex

// verify has the library look at a response: signature, addresses, times, audience,
// and that it answers one of those requests.
func (s *Service) verify(ctx context.Context, text []byte, asked []string) (*saml.Assertion, error) {
	peer, err := s.peer(ctx)
	if err != nil {
		return nil, err
	}
	library.Lock()
	defer library.Unlock()
	saml.TimeNow = s.Now
	said, err := peer.ParseXMLResponse(text, asked, peer.AcsURL)
	if hidden, ok := errors.AsType[*saml.InvalidResponseError](err); ok {
		err = hidden.PrivateErr
	}
	if err == nil && (len(said.AuthnStatements) == 0 || said.AuthnStatements[0].AuthnContext.AuthnContextClassRef == nil || said.Subject.NameID == nil) {
		err = errors.New("the assertion does not say who came, or how")
	}
	return said, err
}

// showRefusal shows why the gateway sent nobody.
func (s *Service) showRefusal(w http.ResponseWriter, r *http.Request, text []byte, code string) {
	var said saml.Response
	problem := "failed"
	if xml.Unmarshal(text, &said) == nil && said.Status.StatusCode.StatusCode != nil {
		code = said.Status.StatusCode.StatusCode.Value
	}
	switch code {
	case saml.StatusAuthnFailed:
		problem = "denied"
	case saml.StatusNoAuthnContext:
		problem = "unmet"
	}
	s.showProblem(w, r, http.StatusOK, problem, code[strings.LastIndexByte(code, ':')+1:])
}

// sessionOf is what the service keeps of an assertion.
func sessionOf(said *saml.Assertion) session {
	how, who := said.AuthnStatements[0], said.Subject.NameID
	found := session{Claims: map[string]any{}, Index: how.SessionIndex}
	for _, a := range slices.Concat(attributesOf(said)...) {
		if len(a.Values) > 0 {
			found.Claims[a.Name] = a.Values[0].Value
		}
	}
	found.Proof = proof{ACR: how.AuthnContext.AuthnContextClassRef.Value, AuthTime: how.AuthnInstant.Unix(), Subject: who.Value, SID: how.SessionIndex}
	found.Proof.Provisional = found.Claims["provisional"] == "true"
	found.Received = map[string]any{
		"Issuer":         said.Issuer.Value,
		"NameID":         map[string]string{"Format": who.Format, "NameQualifier": who.NameQualifier, "SPNameQualifier": who.SPNameQualifier, "Value": who.Value},
		"AuthnStatement": map[string]string{"AuthnContextClassRef": found.Proof.ACR, "AuthnInstant": how.AuthnInstant.UTC().Format(time.RFC3339), "SessionIndex": how.SessionIndex},
		"Attributes":     found.Claims,
	}
	return found
}

func attributesOf(said *saml.Assertion) (all [][]saml.Attribute) {
	for _, s := range said.AttributeStatements {
		all = append(all, s.Attributes)
	}
	return all
}
