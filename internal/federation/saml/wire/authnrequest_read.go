package wire

// ReadAuthnRequest reads an AuthnRequest. On an error that is answerable, the
// header is there nonetheless, and so is where the answer should go (ACSIndex,
// ACSURL, Binding).
func ReadAuthnRequest(d *Document) (AuthnRequest, error) {
	q := AuthnRequest{ACSIndex: -1, AttributeSet: -1, SignedRequest: d.signed}
	var err error
	q.readAddress(d.root)
	if q.Header, err = d.read(KindAuthnRequest, authnRequestShape); err != nil {
		return q, err
	}
	for _, read := range []func(*element) error{
		q.checkAddress, q.readSubject, q.readWishes, q.readContext, q.readScoping, q.readExtensions,
	} {
		if err := read(d.root); err != nil {
			return q, err
		}
	}
	return q, nil
}

// readAddress reads where the answer goes, as far as it is sound.
func (q *AuthnRequest) readAddress(root *element) {
	if v := root.attr("AssertionConsumerServiceIndex"); isShort(v) {
		q.ACSIndex = numberOf(v)
	}
	if v := root.attr("AssertionConsumerServiceURL"); isURI(v) {
		q.ACSURL = v
	}
	if v := root.attr("ProtocolBinding"); isURI(v) {
		q.Binding = Binding(v)
	}
}

func (q *AuthnRequest) checkAddress(*element) error {
	switch {
	case q.ACSIndex >= 0 && (q.ACSURL != "" || q.Binding != ""):
		return Refuse(Requester, "", "SAML Core, 3.4.1", "AssertionConsumerServiceIndex excludes AssertionConsumerServiceURL and ProtocolBinding")
	case q.Binding != "" && q.Binding != PostBinding && q.Binding != ArtifactBinding:
		return Refuse(Requester, UnsupportedBinding, "SAML Profiles, 4.1.2", "ProtocolBinding must be HTTP-POST or HTTP-Artifact")
	}
	return nil
}

// readSubject reads whom the service means. Names that are encrypted are not on
// offer: nobody has a key to encrypt them for us.
func (q *AuthnRequest) readSubject(root *element) error {
	subject := root.child(nsAssertion, "Subject")
	if subject == nil {
		return nil
	}
	if subject.child(nsAssertion, "SubjectConfirmation") != nil {
		return Refuse(Requester, "", "SAML Profiles, 4.1.4.1", "the subject must have no SubjectConfirmation")
	}
	named := subject.child(nsAssertion, "NameID")
	if named == nil {
		return Refuse(Responder, RequestUnsupported, "SAML Core, 2.4.1", "the subject must be a NameID")
	}
	name := nameIDOf(named)
	q.Subject = &name
	return nil
}

func nameIDOf(e *element) NameID {
	return NameID{
		Value: e.value(), Format: e.attr("Format"), NameQualifier: e.attr("NameQualifier"),
		SPNameQualifier: e.attr("SPNameQualifier"), SPProvidedID: e.attr("SPProvidedID"),
	}
}

func (q *AuthnRequest) readWishes(root *element) error {
	q.ForceAuthn, _ = booleanOf(root.attr("ForceAuthn"))
	q.IsPassive, _ = booleanOf(root.attr("IsPassive"))
	q.AttributeSet = numberOf(root.attr("AttributeConsumingServiceIndex"))
	q.ProviderName = root.attr("ProviderName")
	if p := root.child(nsProtocol, "NameIDPolicy"); p != nil {
		q.Policy = Policy{Present: true, Format: p.attr("Format"), SPNameQualifier: p.attr("SPNameQualifier")}
		q.Policy.AllowCreate, _ = booleanOf(p.attr("AllowCreate"))
	}
	c := root.child(nsAssertion, "Conditions")
	if c == nil {
		return nil
	}
	q.Conditions.NotBefore, q.Conditions.NotOnOrAfter = instantOf(c.attr("NotBefore")), instantOf(c.attr("NotOnOrAfter"))
	for _, r := range c.all(nsAssertion, "AudienceRestriction") {
		q.Conditions.Audiences = append(q.Conditions.Audiences, tokens(r.all(nsAssertion, "Audience"))...)
	}
	if b, a := q.Conditions.NotBefore, q.Conditions.NotOnOrAfter; !b.IsZero() && !a.IsZero() && !b.Before(a) {
		return Refuse(Requester, "", "SAML Core, 2.5.1.2", "NotBefore must be earlier than NotOnOrAfter")
	}
	return nil
}

// tokens are the texts of elements that are URIs.
func tokens(list []*element) (found []string) {
	for _, e := range list {
		found = append(found, e.token())
	}
	return found
}

func (q *AuthnRequest) readContext(root *element) error {
	e := root.child(nsProtocol, "RequestedAuthnContext")
	if e == nil {
		return nil
	}
	q.Context = &Context{
		Comparison: Exact,
		Classes:    tokens(e.all(nsAssertion, "AuthnContextClassRef")),
		Decls:      tokens(e.all(nsAssertion, "AuthnContextDeclRef")),
	}
	if c := e.attr("Comparison"); c != "" {
		q.Context.Comparison = Comparison(c)
	}
	if len(q.Context.Classes) > 0 && len(q.Context.Decls) > 0 {
		return Refuse(Requester, NoAuthnContext, "SAML Core, 3.3.2.2.1", "RequestedAuthnContext names either classes or declarations")
	}
	return nil
}

func (q *AuthnRequest) readScoping(root *element) error {
	e := root.child(nsProtocol, "Scoping")
	if e == nil {
		return nil
	}
	q.Scoping = &Scoping{ProxyCount: numberOf(e.attr("ProxyCount")), Requesters: tokens(e.all(nsProtocol, "RequesterID"))}
	for _, entry := range e.child(nsProtocol, "IDPList").all(nsProtocol, "IDPEntry") {
		q.Scoping.IDPs = append(q.Scoping.IDPs, entry.attr("ProviderID"))
	}
	return nil
}

// readExtensions reads what we understand; other extensions are ignored, as they
// must be of another namespace (SAML Core, 3.2.1).
func (q *AuthnRequest) readExtensions(root *element) (err error) {
	extensions := root.child(nsProtocol, "Extensions")
	if extensions == nil {
		return nil
	}
	extensions.children(func(e *element) {
		switch {
		case err != nil:
		case e.space == nsProtocol || e.space == nsAssertion || e.space == "":
			err = Refuse(Requester, "", "SAML Core, 3.2.1", "Extensions must be of a namespace that is not SAML's")
		case e.is(nsEIDAS, "SPType"):
			err = serviceTypeShape.conforms(e)
			q.ServiceType = e.value()
		case e.is(nsEIDAS, "RequestedAttributes"):
			err = requestedShape.conforms(e)
			q.EIDAS = append([]RequestedAttribute{}, requestedOf(e.all(nsEIDAS, "RequestedAttribute"), nsEIDAS)...)
		}
	})
	if err == nil && (len(extensions.all(nsEIDAS, "SPType")) > 1 || len(extensions.all(nsEIDAS, "RequestedAttributes")) > 1) {
		err = Refuse(Requester, "", "eIDAS SAML Message Format 1.2, 2.3", "an extension of eIDAS occurs twice")
	}
	return err
}

// requestedOf reads attributes that are asked for; values are in that namespace.
func requestedOf(list []*element, values string) (found []RequestedAttribute) {
	for _, e := range list {
		a := RequestedAttribute{Name: e.attr("Name"), NameFormat: e.attr("NameFormat"), FriendlyName: e.attr("FriendlyName")}
		a.Required, _ = booleanOf(e.attr("isRequired"))
		for _, v := range e.all(values, "AttributeValue") {
			a.Values = append(a.Values, v.value())
		}
		found = append(found, a)
	}
	return found
}
