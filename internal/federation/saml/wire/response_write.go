package wire

import (
	"errors"
	"slices"
	"strings"
)

var errUnprotected = errors.New("saml: a success must bring an assertion and be signed, anything else brings none")

// Write writes the response. What is both signed and encrypted is signed first.
func (r Response) Write(p Protection) ([]byte, error) {
	if r.Status.OK() != (r.Assertion != nil) || r.Status.OK() && p.SignResponse == nil && p.SignAssertion == nil {
		return nil, errUnprotected
	}
	w := newWriter()
	if r.Assertion != nil {
		w.inclusive = r.Assertion.prefixes()
	}
	w.open("samlp:Response", r.attributes()...)
	hole := w.issuer(r.Issuer)
	w.status(r.Status)
	if err := r.writeAssertion(w, p); err != nil {
		return nil, err
	}
	w.close()
	return w.finish(p.SignResponse, hole, r.ID)
}

// writeAssertion writes the assertion, if there is one: in its place, or by itself
// where something is done to it.
func (r Response) writeAssertion(w *writer, p Protection) error {
	switch {
	case r.Assertion == nil:
		return nil
	case p.SignAssertion == nil && p.Encrypt == nil:
		r.Assertion.writeInto(w)
		return nil
	}
	text, err := r.Assertion.write(p.SignAssertion)
	if err != nil {
		return err
	}
	return w.assertion(text, p.Encrypt)
}

// assertion writes an assertion, encrypted for the recipient unless that is nil.
func (w *writer) assertion(text []byte, to *Recipient) error {
	if to == nil {
		w.raw(text)
		return nil
	}
	return w.sealed("saml:EncryptedAssertion", text, to)
}

// write writes the assertion so that it stands for itself, to be encrypted: all
// that it needs is declared in it.
func (a *Assertion) write(s *Signer) ([]byte, error) {
	w := newWriter()
	w.inclusive = a.prefixes()
	hole := a.writeInto(w)
	return w.finish(s, hole, a.ID)
}

// writeInto writes the assertion where the writer is, and tells where its
// signature would go.
func (a *Assertion) writeInto(w *writer) (hole int) {
	w.start("saml:Assertion", w.inclusive, []string{"ID", a.ID, "Version", "2.0", "IssueInstant", instant(a.IssueInstant)})
	if !isID(a.ID) {
		w.fault = errUnwritable
	}
	hole = w.issuer(a.Issuer)
	a.writeSubject(w)
	a.writeConditions(w)
	a.writeStatement(w)
	a.writeAttributes(w)
	w.close()
	return hole
}

// prefixes are those that the types of values use.
func (a *Assertion) prefixes() (found []string) {
	for i := range a.Attributes {
		prefix, _, ok := strings.Cut(string(a.Attributes[i].Type), ":")
		if ok && !slices.Contains(found, prefix) {
			found = append(found, prefix)
		}
	}
	return found
}

// writeSubject writes the subject with the bearer's confirmation (SAML Profiles, 4.1.4.2).
func (a *Assertion) writeSubject(w *writer) {
	w.open("saml:Subject")
	w.nameID(a.Subject)
	w.open("saml:SubjectConfirmation", "Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
	w.leaf("saml:SubjectConfirmationData", "", "InResponseTo", a.InResponseTo,
		"NotOnOrAfter", instant(a.NotOnOrAfter), "Recipient", a.Recipient)
	w.close()
	w.close()
}

func (a *Assertion) writeConditions(w *writer) {
	w.open("saml:Conditions", "NotBefore", instant(a.NotBefore), "NotOnOrAfter", instant(a.NotOnOrAfter))
	w.open("saml:AudienceRestriction")
	for _, audience := range a.Audiences {
		w.leaf("saml:Audience", audience)
	}
	w.close()
	w.close()
}

func (a *Assertion) writeStatement(w *writer) {
	w.open("saml:AuthnStatement", "AuthnInstant", instant(a.AuthnInstant),
		"SessionIndex", a.SessionIndex, "SessionNotOnOrAfter", instant(a.SessionUntil))
	w.open("saml:AuthnContext")
	w.leaf("saml:AuthnContextClassRef", a.Context)
	for _, authority := range a.Authorities {
		w.leaf("saml:AuthenticatingAuthority", authority)
	}
	w.close()
	w.close()
}

func (a *Assertion) writeAttributes(w *writer) {
	if len(a.Attributes) == 0 {
		return
	}
	w.open("saml:AttributeStatement")
	for i := range a.Attributes {
		w.attribute(&a.Attributes[i])
	}
	w.close()
}

func (w *writer) attribute(a *Attribute) {
	w.open("saml:Attribute", "Name", a.Name, "NameFormat", a.NameFormat, "FriendlyName", a.FriendlyName)
	for _, value := range a.Values {
		w.leaf("saml:AttributeValue", value, "xsi:type", string(a.Type))
	}
	w.close()
}
