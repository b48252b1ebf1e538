package wire

// Binding is how a message travels (SAML Bindings, 3).
type Binding string

// The bindings on offer.
const (
	RedirectBinding Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
	PostBinding     Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	ArtifactBinding Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
	SOAPBinding     Binding = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
)

// Kind is the name of a message's root element.
type Kind string

// The kinds of message that are read. Queries (AttributeQuery and the like) are
// not on offer, nor are assertions or responses of others.
const (
	KindAuthnRequest    Kind = "AuthnRequest"
	KindLogoutRequest   Kind = "LogoutRequest"
	KindLogoutResponse  Kind = "LogoutResponse"
	KindArtifactResolve Kind = "ArtifactResolve"
)

// Formats of name identifiers (SAML Core, 8.3).
const (
	FormatUnspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
	FormatEntity      = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
	FormatPersistent  = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	FormatTransient   = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
	FormatEncrypted   = "urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted"
)

// Formats of attribute names (SAML Core, 8.2).
const (
	NameFormatURI   = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
	NameFormatBasic = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
)

// Reasons of a logout (SAML Core, 3.7.3).
const (
	ReasonUser  = "urn:oasis:names:tc:SAML:2.0:logout:user"
	ReasonAdmin = "urn:oasis:names:tc:SAML:2.0:logout:admin"
)

// The XML namespaces.
const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsUI        = "urn:oasis:names:tc:SAML:metadata:ui"
	nsAttr      = "urn:oasis:names:tc:SAML:metadata:attribute"
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
	nsExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
	nsXMLEnc    = "http://www.w3.org/2001/04/xmlenc#"
	nsSOAP      = "http://schemas.xmlsoap.org/soap/envelope/"
	nsSchema    = "http://www.w3.org/2001/XMLSchema"
	nsInstance  = "http://www.w3.org/2001/XMLSchema-instance"
	nsEIDAS     = "http://eidas.europa.eu/saml-extensions"
	nsPerson    = "http://eidas.europa.eu/attributes/naturalperson"
	nsActor     = "http://eidas.europa.eu/attributes/naturalperson/representative"
	nsXML       = "http://www.w3.org/XML/1998/namespace"
)
