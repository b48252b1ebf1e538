package wire

import "time"

// LogoutRequest asks to end a session (SAML Core, 3.7.1).
type LogoutRequest struct {
	Header
	Reason       string    // "" for none
	NotOnOrAfter time.Time // zero for none
	NameID       NameID
	Sessions     []string // SessionIndex; none means all sessions of the subject
}

// LogoutResponse says how it went (SAML Core, 3.7.2).
type LogoutResponse struct {
	Header
	Status Status
}

// ReadLogoutRequest reads a LogoutRequest. On an answerable error the header is there.
func ReadLogoutRequest(d *Document) (q LogoutRequest, err error) {
	if q.Header, err = d.read(KindLogoutRequest, logoutRequestShape); err != nil {
		return q, err
	}
	named := d.root.child(nsAssertion, "NameID")
	if named == nil {
		return q, Refuse(Responder, RequestUnsupported, "SAML Core, 3.7.1", "the subject must be a NameID")
	}
	q.NameID, q.Reason, q.NotOnOrAfter = nameIDOf(named), d.root.attr("Reason"), instantOf(d.root.attr("NotOnOrAfter"))
	for _, s := range d.root.all(nsProtocol, "SessionIndex") {
		q.Sessions = append(q.Sessions, s.value())
	}
	return q, nil
}

// ReadLogoutResponse reads a LogoutResponse.
func ReadLogoutResponse(d *Document) (r LogoutResponse, err error) {
	if r.Header, err = d.read(KindLogoutResponse, logoutResponseShape); err != nil {
		return r, err
	}
	status := d.root.child(nsProtocol, "Status")
	code := status.child(nsProtocol, "StatusCode")
	r.Status = Status{Code: code.attr("Value"), Message: status.child(nsProtocol, "StatusMessage").value()}
	if sub := code.child(nsProtocol, "StatusCode"); sub != nil {
		r.Status.Sub = sub.attr("Value")
	}
	return r, nil
}

// Expired tells whether the request asks not to be heeded any more (SAML Core, 3.7.1).
func (q LogoutRequest) Expired(now time.Time) bool {
	return !q.NotOnOrAfter.IsZero() && !now.Add(-MaxSkew).Before(q.NotOnOrAfter)
}

// Write writes the request, signed in itself by s; nil leaves it unsigned, as the
// Redirect binding wants it.
func (q LogoutRequest) Write(s *Signer) ([]byte, error) {
	w := &writer{}
	w.open("samlp:LogoutRequest", append(q.attributes(), "NotOnOrAfter", instant(q.NotOnOrAfter), "Reason", q.Reason)...)
	hole := w.issuer(q.Issuer)
	w.nameID(q.NameID)
	for _, index := range q.Sessions {
		w.leaf("samlp:SessionIndex", index)
	}
	w.close()
	return w.finish(s, hole, q.ID)
}

// Write writes the response, signed in itself by s unless that is nil.
func (r LogoutResponse) Write(s *Signer) ([]byte, error) {
	w := &writer{}
	w.open("samlp:LogoutResponse", r.attributes()...)
	hole := w.issuer(r.Issuer)
	w.status(r.Status)
	w.close()
	return w.finish(s, hole, r.ID)
}
