package wire

// Artifact stands for a message that is fetched over SOAP (SAML Bindings, 3.6.4,
// type 0x0004).
type Artifact struct {
	Endpoint uint16   // index of the ArtifactResolutionService
	Source   [20]byte // SHA-1 of the issuer's entity ID
	Handle   [20]byte // random; whoever holds it gets the message
}

// NewArtifact makes an artifact of an issuer; the handle is the caller's randomness.
func NewArtifact(entityID string, endpoint uint16, handle [20]byte) Artifact { return Artifact{} }

// ParseArtifact reads an artifact as it travels.
func ParseArtifact(text string) (Artifact, error) { return Artifact{}, errNotYet }

// String is the artifact as it travels: base64.
func (a Artifact) String() string { return "" }

// ArtifactResolve asks for the message behind an artifact (SAML Core, 3.5.1).
type ArtifactResolve struct {
	Header
	Artifact Artifact
}

// ReadArtifactResolve reads an ArtifactResolve. On an answerable error the header is there.
func ReadArtifactResolve(d *Document) (ArtifactResolve, error) { return ArtifactResolve{}, errNotYet }

// ArtifactResponse brings the message (SAML Core, 3.5.2).
type ArtifactResponse struct {
	Header
	Status  Status
	Message []byte // as a Write of this package gave it; nil when there is none
}

// Write writes the response, signed by s unless that is nil.
func (r ArtifactResponse) Write(s *Signer) ([]byte, error) { return nil, errNotYet }
