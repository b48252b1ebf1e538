package wire

// attributes are the header's, as names and values.
func (h Header) attributes() []string {
	return []string{
		"ID", h.ID, "Version", "2.0", "IssueInstant", instant(h.IssueInstant),
		"Destination", h.Destination, "Consent", h.Consent, "InResponseTo", h.InResponseTo,
	}
}

// issuer writes the issuer and returns the place after it, where a signature goes.
func (w *writer) issuer(entityID string) (hole int) {
	w.leaf("saml:Issuer", entityID)
	return len(w.b)
}

func (w *writer) nameID(n NameID) {
	w.leaf("saml:NameID", n.Value, "Format", n.Format, "NameQualifier", n.NameQualifier,
		"SPNameQualifier", n.SPNameQualifier, "SPProvidedID", n.SPProvidedID)
}

func (w *writer) status(s Status) {
	w.open("samlp:Status")
	w.open("samlp:StatusCode", "Value", s.Code)
	if s.Sub != "" {
		w.leaf("samlp:StatusCode", "", "Value", s.Sub)
	}
	w.close()
	if s.Message != "" {
		w.leaf("samlp:StatusMessage", s.Message)
	}
	w.close()
}
