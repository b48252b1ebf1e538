package provider

import (
	"net/http"
	"slices"
	"strings"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/web"
)

// confirmPath takes the visitor's own word. It is none of the paths that other
// sites may post to.
const confirmPath = "/oidc/confirm-end"

// endPurpose seals where the visitor goes after having confirmed.
const endPurpose = "oidc/end"

// ending is what is known of the end when the visitor is asked.
type ending struct {
	Service string `json:"s,omitempty"` // id of the one that asks
	URL     string `json:"u,omitempty"` // where the visitor goes on
}

// endData is the page that asks whether to sign out.
type endData struct {
	Service string
	After   string // sealed ending
}

// endSession ends the session on a service's request (RP-Initiated Logout 1.0).
// Whoever shows an ID token of the very session ends it at once; for all others
// the visitor is asked, because a mere link must not sign anybody out.
func (p *Provider) endSession(w http.ResponseWriter, r *http.Request) error {
	q, err := wire.ParseLogout(r.URL.RawQuery)
	if err != nil {
		return p.refuse(w, r, err)
	}
	service, hint, fault := p.whoEnds(q)
	if fault != nil {
		return p.refuse(w, r, fault)
	}
	var after ending
	if service != nil {
		after.Service = service.ID
	}
	if q.RedirectURI != "" {
		after.URL = q.ReturnURL()
	}
	current, err := p.Broker.Current(r)
	if err != nil {
		return err
	}
	if current.Session.Account() != "" && (hint.SessionID == "" || hint.SessionID != p.sessionID(service, current.Session.ID)) {
		return p.askEnd(w, r, service, after)
	}
	return p.Broker.SignOut(w, r, current, service, broker.After{All: after.URL, Some: after.URL})
}

// whoEnds finds the service that asks, nil for none, and its ID token. An
// address to return to must be registered by that service, to the letter (RP-
// Initiated Logout 1.0, 3).
func (p *Provider) whoEnds(q wire.Logout) (service *catalogue.Service, hint wire.IDToken, fault *wire.Error) {
	client := q.ClientID
	if encrypted(q.IDTokenHint) {
		if client == "" {
			return nil, hint, wire.Refuse(wire.InvalidRequest, "RP-Initiated Logout, 2", "id_token_hint is encrypted to the client's own key: send the ID token as it was within, or client_id and no hint")
		}
	} else if q.IDTokenHint != "" {
		var ok bool
		if hint, ok = p.readHint(q.IDTokenHint); !ok || client != "" && client != hint.Audience {
			return nil, hint, wire.Refuse(wire.InvalidRequest, "RP-Initiated Logout, 4", "id_token_hint is not an ID token that this issuer made for this client")
		}
		client = hint.Audience
	}
	if service = p.Broker.Catalogue.Client(client); service == nil && (client != "" || q.RedirectURI != "") {
		return nil, hint, wire.Refuse(wire.InvalidRequest, "RP-Initiated Logout, 4", "the client is unknown: send id_token_hint or client_id")
	}
	if q.RedirectURI != "" && !slices.Contains(service.OIDC.PostLogout, q.RedirectURI) {
		return nil, hint, wire.Refuse(wire.InvalidRequest, "RP-Initiated Logout, 3", "post_logout_redirect_uri is not one of those registered, to the letter")
	}
	return service, hint, nil
}

// encrypted tells whether a token is a JWE (RFC 7516, 7.1), as a service has it
// whose ID tokens are encrypted. We cannot read it, so it proves nothing; whoever
// says which client it is has the visitor asked.
func encrypted(token string) bool { return strings.Count(token, ".") == 4 }

func (p *Provider) askEnd(w http.ResponseWriter, r *http.Request, service *catalogue.Service, after ending) error {
	sealed, err := p.Broker.Ring.SealValue(endPurpose, after)
	if err != nil {
		return err
	}
	data := endData{After: sealed}
	if service != nil {
		data.Service = catalogue.In(service.Name, string(web.Language(r)))
	}
	web.AllowFormAction(w, after.URL)
	p.pages.Show(w, r, http.StatusOK, "end", web.View{Data: data})
	return nil
}

// sealedLimit is the most characters that a sealed address can have.
const sealedLimit = 2 * wire.MaxRequest

// confirmEnd signs the visitor out who said so.
func (p *Provider) confirmEnd(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "after", Max: sealedLimit})
	if err != nil {
		return err
	}
	var after ending
	if !p.Broker.Ring.UnsealValue(endPurpose, form.Value("after"), &after) {
		return web.Expired("")
	}
	current, err := p.Broker.Current(r)
	if err != nil {
		return err
	}
	return p.Broker.SignOut(w, r, current, p.Broker.Catalogue.Service(after.Service), broker.After{All: after.URL, Some: after.URL})
}
