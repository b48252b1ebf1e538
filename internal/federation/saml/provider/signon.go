package provider

import (
	"encoding/json"
	"errors"
	"net/http"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/web"
)

// continuation is what the door must know again when the visitor comes back. It
// travels sealed in the broker's transaction.
type continuation struct {
	ID      string            `json:"i,omitempty"` // of the request; "" where nobody asked
	ACS     string            `json:"a"`           // where the answer goes
	Binding string            `json:"b"`           // and how
	Relay   string            `json:"r,omitempty"`
	Format  string            `json:"f"`           // of the name: persistent or transient
	Subject string            `json:"u,omitempty"` // the person must be this one
	Wanted  []catalogue.Claim `json:"w,omitempty"`
	Demand  federation.Demand `json:"d"`
}

// ask is a request to sign somebody on, as far as it was read.
type ask struct {
	received
	q   wire.AuthnRequest
	acs catalogue.Endpoint // where the answer goes, one of those registered
}

// signOn is the single sign-on service (SAML Profiles, 4.1).
func (p *Provider) signOn(w http.ResponseWriter, r *http.Request, in received) error {
	if in.kind != wire.KindAuthnRequest {
		return p.refuse(w, r, unheard("SAML Profiles, 4.1.3", "this address takes AuthnRequest only"))
	}
	a := ask{received: in}
	var fault error
	a.q, fault = wire.ReadAuthnRequest(in.document)
	if fault != nil && !answerable(fault) {
		return p.refuse(w, r, fault)
	}
	var err error
	if a.acs, err = endpointOf(in.partner, a.q); err != nil {
		if !answerable(err) { // never send anybody to an address that nobody vouches for
			return p.refuse(w, r, err)
		}
		fault = errors.Join(fault, err)
	}
	if fault == nil {
		fault = a.q.Check(p.Issuer+signOnPath, in.document.Signed(), p.Broker.Now())
	}
	if fault == nil {
		first, err := p.once(r.Context(), in.service, a.q.ID)
		if err != nil {
			return err
		}
		if !first { // a double click, or a thief: the service has been answered, or will be
			return web.Expired("")
		}
	}
	var request authn.Request
	if fault == nil {
		request, fault = p.request(a)
	}
	return p.begin(w, r, a, request, fault)
}

// begin leads the visitor in, or tells the service why not.
func (p *Provider) begin(w http.ResponseWriter, r *http.Request, a ask, request authn.Request, fault error) error {
	if fault == nil && r.Method == http.MethodGet {
		return p.open(w, r, request)
	}
	if fault == nil {
		return p.sendOnward(w, r, onward{Request: &request})
	}
	var known *wire.Error
	if !errors.As(fault, &known) {
		return fault
	}
	p.note(r, known)
	c := continuation{ID: a.q.ID, ACS: a.acs.URL, Binding: a.acs.Binding, Relay: a.relay}
	return p.respond(w, r, a.service, a.partner, c, wire.Response{Status: known.Status()})
}

func answerable(err error) bool {
	var fault *wire.Error
	return errors.As(err, &fault) && fault.Answerable
}

// bindings are those by which answers go (SAML Profiles, 4.1.2).
var bindings = map[wire.Binding]string{wire.PostBinding: catalogue.Post, wire.ArtifactBinding: catalogue.Artifact}

// endpointOf finds where the answer goes (SAML Core, 3.4.1): to the address or
// the index that the request names, if it is registered, or to the default. An
// unknown address is told to nobody; other faults are told to the default.
func endpointOf(partner *catalogue.Partner, q wire.AuthnRequest) (e catalogue.Endpoint, err error) {
	const section = "SAML Core, 3.4.1"
	usual, _ := partner.DefaultACS()
	binding, known := bindings[q.Binding]
	if q.Binding != "" && !known {
		return usual, wire.Refuse(wire.Requester, wire.UnsupportedBinding, section, "ProtocolBinding must be HTTP-POST or HTTP-Artifact")
	}
	for _, e := range partner.ACS {
		fits := binding == "" || e.Binding == binding
		if q.ACSURL != "" && e.URL == q.ACSURL && fits || q.ACSURL == "" && q.ACSIndex >= 0 && e.Index == q.ACSIndex {
			return e, nil
		}
	}
	switch {
	case q.ACSURL != "":
		return e, unheard(section, "AssertionConsumerServiceURL is not one of those registered, to the letter, or not with that ProtocolBinding")
	case q.ACSIndex >= 0:
		return usual, wire.Refuse(wire.Requester, wire.RequestUnsupported, section, "AssertionConsumerServiceIndex is not registered")
	case binding == "" || usual.Binding == binding:
		return usual, nil
	}
	for _, e := range partner.ACS {
		if e.Binding == binding {
			return e, nil
		}
	}
	return usual, wire.Refuse(wire.Requester, wire.UnsupportedBinding, section, "no AssertionConsumerService is registered for that ProtocolBinding")
}

// request turns what the protocol asks into what the broker understands.
func (p *Provider) request(a ask) (authn.Request, error) {
	c := continuation{ID: a.q.ID, ACS: a.acs.URL, Binding: a.acs.Binding, Relay: a.relay}
	if err := p.checkScope(a.q); err != nil {
		return authn.Request{}, err
	}
	var err error
	if c.Format, err = formatOf(a.service, a.q.Policy); err != nil {
		return authn.Request{}, err
	}
	if c.Wanted, err = wantedBy(a.service, a.partner, a.q); err != nil {
		return authn.Request{}, err
	}
	if c.Demand, err = demandOf(a.service, a.q.Context, p.Broker.Rules(p.Broker.Now())); err != nil {
		return authn.Request{}, err
	}
	if c.Subject, err = p.expected(a.service, a.q.Subject); err != nil {
		return authn.Request{}, err
	}
	request := p.requestFor(a.service, c)
	request.Passive = a.q.IsPassive
	if a.q.ForceAuthn {
		request.Since = p.Broker.Now()
	}
	request.Resume, err = json.Marshal(c)
	return request, err
}

// requestFor is what every request of a service has.
func (p *Provider) requestFor(s *catalogue.Service, c continuation) authn.Request {
	return authn.Request{
		Door: doorName, Service: s.ID, Level: c.Demand.Level, Methods: c.Demand.Methods,
		Asks: catalogue.Names(s.OnConsent(c.Wanted)), Demands: catalogue.Names(s.Demands),
	}
}

// checkScope refuses a request that is meant for others (SAML Core, 3.4.1.2). On
// whose behalf a proxy asks is not looked at: the proxy is the service.
func (p *Provider) checkScope(q wire.AuthnRequest) error {
	if q.Scoping == nil || len(q.Scoping.IDPs) == 0 {
		return nil
	}
	for _, id := range q.Scoping.IDPs {
		if id == p.EntityID() {
			return nil
		}
	}
	return wire.Refuse(wire.Responder, wire.NoSupportedIDP, "SAML Core, 3.4.1.2", "IDPList does not name this identity provider")
}

// formatOf is how the service is to know the person (SAML Core, 3.4.1.1).
func formatOf(s *catalogue.Service, policy wire.Policy) (string, error) {
	const section = "SAML Core, 3.4.1.1"
	if policy.SPNameQualifier != "" && policy.SPNameQualifier != s.SAML.EntityID {
		return "", wire.Refuse(wire.Requester, wire.InvalidNameIDPolicy, section, "SPNameQualifier names another service or an affiliation")
	}
	switch policy.Format {
	case "", wire.FormatUnspecified:
		return s.SAML.Format(), nil
	case wire.FormatPersistent:
		return catalogue.Persistent, nil
	case wire.FormatTransient:
		return catalogue.Transient, nil
	}
	return "", wire.Refuse(wire.Requester, wire.InvalidNameIDPolicy, section, "people are known by persistent or transient names only")
}

// expected reads who must come (SAML Core, 3.4.1.4); "" for anybody.
func (p *Provider) expected(s *catalogue.Service, subject *wire.NameID) (string, error) {
	switch {
	case subject == nil:
		return "", nil
	case subject.Format != wire.FormatPersistent && subject.Format != "" && subject.Format != wire.FormatUnspecified:
		return "", wire.Refuse(wire.Responder, wire.UnknownPrincipal, "SAML Core, 3.4.1.4", "Subject must be known by a persistent name")
	}
	return subject.Value, p.speaksOf(s, *subject)
}
