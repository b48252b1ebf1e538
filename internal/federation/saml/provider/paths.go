package provider

// The paths of the door.
const (
	MetadataPath = "/saml/metadata"
	signOnPath   = "/saml/sso"
	artifactPath = "/saml/artifact"
	logoutPath   = "/saml/slo"
	soapPath     = "/saml/slo/soap"
	answerPath   = "/saml/slo-answer" // where a visitor brings our answer from
	onwardPath   = "/saml/on"         // where a visitor goes whom a service's form brought
)
