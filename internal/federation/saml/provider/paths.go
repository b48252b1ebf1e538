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
	unaskedPath  = "/saml/go/"        // and the service's id: from the portal, where a service allows it
)

// UnaskedPath is where the portal sends people to a service that allows to be
// reached without having asked (SAML Profiles, 4.1.5).
func UnaskedPath(service string) string { return unaskedPath + service }
