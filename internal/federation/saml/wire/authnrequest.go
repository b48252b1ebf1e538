package wire

import "time"

// AuthnRequest asks for an authentication (SAML Core, 3.4.1).
type AuthnRequest struct {
	Header
	Subject       *NameID    // who is meant; nil for anybody
	Policy        Policy     // NameIDPolicy
	Conditions    Conditions // the service's wishes on validity and audience
	Context       *Context   // RequestedAuthnContext; nil for none
	Scoping       *Scoping   // nil for none
	ForceAuthn    bool
	IsPassive     bool
	ACSIndex      int     // AssertionConsumerServiceIndex; -1 for none
	ACSURL        string  // AssertionConsumerServiceURL; "" for none
	Binding       Binding // ProtocolBinding; "" for none
	AttributeSet  int     // AttributeConsumingServiceIndex; -1 for none
	ProviderName  string
	EIDAS         []RequestedAttribute // eidas:RequestedAttributes in Extensions; nil where there is no such list
	ServiceType   string               // eidas:SPType: "public", "private" or ""
	SignedRequest bool                 // the signature was verified
}

// NameID names a subject (SAML Core, 2.2.2 and 2.2.3).
type NameID struct {
	Value           string
	Format          string // "" means unspecified
	NameQualifier   string
	SPNameQualifier string
	SPProvidedID    string
}

// Policy is what kind of name the service wants (SAML Core, 3.4.1.1).
type Policy struct {
	Present         bool   // the request has a NameIDPolicy
	Format          string // "" for any
	SPNameQualifier string
	AllowCreate     bool
}

// Comparison is how an authentication context is compared (SAML Core, 3.3.2.2.1).
type Comparison string

// The comparisons.
const (
	Exact   Comparison = "exact"
	Minimum Comparison = "minimum"
	Maximum Comparison = "maximum"
	Better  Comparison = "better"
)

// Context is how the subject is to be authenticated (SAML Core, 3.3.2.2.1).
// Either list has members, never both.
type Context struct {
	Comparison Comparison
	Classes    []string // AuthnContextClassRef, in order of preference
	Decls      []string // AuthnContextDeclRef
}

// Scoping is who else may authenticate (SAML Core, 3.4.1.2).
type Scoping struct {
	ProxyCount int      // -1 for unlimited
	IDPs       []string // entity IDs of IDPList
	Requesters []string // RequesterID: on whose behalf a proxy asks
}

// Conditions are the conditions that the service wants (SAML Core, 2.5.1).
type Conditions struct {
	NotBefore, NotOnOrAfter time.Time // zero for none
	Audiences               []string
}

// RequestedAttribute is an attribute that a service asks for, in a request (eIDAS
// SAML Message Format 1.2, 2.3) or in its metadata (SAML Metadata, 2.4.4.2).
type RequestedAttribute struct {
	Name         string
	NameFormat   string
	FriendlyName string
	Required     bool
	Values       []string
}

// Write writes the request as a service would, for demos and tests; s may be nil.
// Indexes, conditions, scoping and extensions are not written.
func (q AuthnRequest) Write(s *Signer) ([]byte, error) {
	w := &writer{}
	w.open("samlp:AuthnRequest", append(q.attributes(),
		"ForceAuthn", truth(q.ForceAuthn), "IsPassive", truth(q.IsPassive), "ProtocolBinding", string(q.Binding),
		"AssertionConsumerServiceURL", q.ACSURL, "ProviderName", q.ProviderName)...)
	hole := w.issuer(q.Issuer)
	if q.Subject != nil {
		w.open("saml:Subject")
		w.nameID(*q.Subject)
		w.close()
	}
	if q.Policy.Present {
		w.leaf("samlp:NameIDPolicy", "", "Format", q.Policy.Format,
			"SPNameQualifier", q.Policy.SPNameQualifier, "AllowCreate", truth(q.Policy.AllowCreate))
	}
	if q.Context != nil {
		w.open("samlp:RequestedAuthnContext", "Comparison", string(q.Context.Comparison))
		for _, class := range q.Context.Classes {
			w.leaf("saml:AuthnContextClassRef", class)
		}
		w.close()
	}
	w.close()
	return w.finish(s, hole, q.ID)
}

// truth writes xs:boolean; false is the default everywhere and left out.
func truth(b bool) string {
	if b {
		return "true"
	}
	return ""
}
