package provider

import (
	"encoding/json"
	"net/http"
	"slices"

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

// endData is the page that asks whether to sign out.
type endData struct {
	Service string
	After   string // sealed address
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
	after := broker.SignedOutPath
	if q.RedirectURI != "" {
		after = q.ReturnURL()
	}
	current, err := p.Broker.Current(r)
	if err != nil {
		return err
	}
	switch {
	case current.Session.Account() == "":
	case hint.SessionID != "" && hint.SessionID == p.sessionID(service, current.Session.ID):
		if err := p.Broker.SignOut(w, r, current); err != nil {
			return err
		}
	default:
		return p.askEnd(w, r, service, after)
	}
	return web.SeeOther(w, r, after)
}

// whoEnds finds the service that asks, nil for none, and its ID token. An
// address to return to must be registered by that service, to the letter (RP-
// Initiated Logout 1.0, 3).
func (p *Provider) whoEnds(q wire.Logout) (service *catalogue.Service, hint wire.IDToken, fault *wire.Error) {
	client := q.ClientID
	if q.IDTokenHint != "" {
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

func (p *Provider) askEnd(w http.ResponseWriter, r *http.Request, service *catalogue.Service, after string) error {
	sealed, err := p.seal(endPurpose, after)
	if err != nil {
		return err
	}
	data := endData{After: sealed}
	if service != nil {
		data.Service = catalogue.In(service.Name, string(web.Language(r)))
	}
	web.AllowFormAction(w, after)
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
	raw, err := p.Broker.Ring.Unseal(endPurpose, form.Value("after"))
	if err != nil {
		return web.Expired("")
	}
	var after string
	if err := json.Unmarshal(raw, &after); err != nil {
		return err
	}
	current, err := p.Broker.Current(r)
	if err != nil {
		return err
	}
	if err := p.Broker.SignOut(w, r, current); err != nil {
		return err
	}
	return web.SeeOther(w, r, after)
}
