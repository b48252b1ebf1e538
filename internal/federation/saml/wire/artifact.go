package wire

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
)

// Artifact stands for a message that is fetched over SOAP (SAML Bindings, 3.6.4,
// type 0x0004).
type Artifact struct {
	Endpoint uint16   // index of the ArtifactResolutionService
	Source   [20]byte // SHA-1 of the issuer's entity ID
	Handle   [20]byte // random; whoever holds it gets the message
}

const (
	artifactType = 0x0004
	artifactSize = 2 + 2 + 20 + 20
)

// NewArtifact makes an artifact of an issuer; the handle is the caller's
// randomness. The digest names the issuer and proves nothing, so it may be SHA-1.
func NewArtifact(entityID string, endpoint uint16, handle [20]byte) Artifact {
	return Artifact{Endpoint: endpoint, Source: sha1.Sum([]byte(entityID)), Handle: handle}
}

// ParseArtifact reads an artifact as it travels.
func ParseArtifact(text string) (Artifact, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != artifactSize || binary.BigEndian.Uint16(b) != artifactType {
		return Artifact{}, Refuse(Requester, "", "SAML Bindings, 3.6.4", "the artifact is not of type 0x0004")
	}
	a := Artifact{Endpoint: binary.BigEndian.Uint16(b[2:])}
	copy(a.Source[:], b[4:])
	copy(a.Handle[:], b[4+len(a.Source):])
	if a.String() != text { // one artifact is one text, so that it can be taken once
		return Artifact{}, Refuse(Requester, "", "SAML Bindings, 3.6.4", "the artifact is not in plain base64")
	}
	return a, nil
}

// String is the artifact as it travels: base64.
func (a Artifact) String() string {
	b := make([]byte, 0, artifactSize)
	b = binary.BigEndian.AppendUint16(b, artifactType)
	b = binary.BigEndian.AppendUint16(b, a.Endpoint)
	b = append(append(b, a.Source[:]...), a.Handle[:]...)
	return base64.StdEncoding.EncodeToString(b)
}

// ArtifactResolve asks for the message behind an artifact (SAML Core, 3.5.1).
type ArtifactResolve struct {
	Header
	Artifact Artifact
}

// ReadArtifactResolve reads an ArtifactResolve. On an answerable error the header is there.
func ReadArtifactResolve(d *Document) (q ArtifactResolve, err error) {
	if q.Header, err = d.read(KindArtifactResolve, artifactResolveShape); err != nil {
		return q, err
	}
	q.Artifact, err = ParseArtifact(d.root.child(nsProtocol, "Artifact").token())
	return q, err
}

// Write writes the request as a service would, for demos and tests; s may be nil.
func (q ArtifactResolve) Write(s *Signer) ([]byte, error) {
	w := &writer{}
	w.open("samlp:ArtifactResolve", q.attributes()...)
	hole := w.issuer(q.Issuer)
	w.leaf("samlp:Artifact", q.Artifact.String())
	w.close()
	return w.finish(s, hole, q.ID)
}

// ArtifactResponse brings the message (SAML Core, 3.5.2).
type ArtifactResponse struct {
	Header
	Status  Status
	Message []byte // as a Write of this package gave it; nil when there is none
}

// Write writes the response, signed by s unless that is nil.
func (r ArtifactResponse) Write(s *Signer) ([]byte, error) {
	w := &writer{inclusive: prefixesIn(r.Message)}
	w.open("samlp:ArtifactResponse", r.attributes()...)
	hole := w.issuer(r.Issuer)
	w.status(r.Status)
	// In canonical form a namespace that is declared around is not declared again.
	w.raw(bytes.Replace(r.Message, []byte(` xmlns:samlp="`+nsProtocol+`"`), nil, 1))
	w.close()
	return w.finish(s, hole, r.ID)
}

// prefixesIn are the prefixes of a message that only values use.
func prefixesIn(message []byte) (found []string) {
	for _, p := range []string{"natural", "representative", "xs"} {
		if bytes.Contains(message, []byte(" xmlns:"+p+`="`)) {
			found = append(found, p)
		}
	}
	return found
}
