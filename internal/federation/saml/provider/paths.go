package provider

// The paths of the door.
const (
	MetadataPath = "/saml/metadata"
	signOnPath   = "/saml/sso"
	artifactPath = "/saml/artifact"
	logoutPath   = "/saml/slo"
	soapPath     = "/saml/slo/soap"
	unaskedPath  = "/saml/go"          // from the portal, where a service allows it
	confirmPath  = "/saml/confirm-end" // none of those that other sites may post to
)
