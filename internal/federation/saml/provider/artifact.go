package provider

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
)

// artifactIndex is that of our one artifact resolution service.
const artifactIndex = 0

// artifactPurpose seals what an artifact stands for: it holds personal data.
const artifactPurpose = "saml/artifact"

// waiting is a response that waits to be fetched.
type waiting struct {
	Service string `json:"s"`
	Message []byte `json:"m"`
}

// handOut sends the browser back with an artifact in the place of the response
// (SAML Bindings, 3.6).
func (p *Provider) handOut(w http.ResponseWriter, r *http.Request, s *catalogue.Service, c continuation, response []byte) error {
	var handle [20]byte
	_, _ = rand.Read(handle[:]) // never fails (crypto/rand)
	artifact := wire.NewArtifact(p.EntityID(), artifactIndex, handle)
	sealed, err := p.Broker.Ring.SealValue(artifactPurpose, waiting{s.ID, response})
	if err != nil {
		return err
	}
	if err := p.Broker.Volatile.Put(r.Context(), p.artifactKey(artifact), []byte(sealed), artifactLife); err != nil {
		return err
	}
	q := url.Values{"SAMLart": {artifact.String()}}
	if c.Relay != "" {
		q.Set("RelayState", c.Relay)
	}
	separator := "?"
	if strings.Contains(c.ACS, "?") {
		separator = "&"
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", c.ACS+separator+q.Encode())
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

func (p *Provider) artifactKey(a wire.Artifact) string {
	return "saml/artifact/" + p.Broker.Ring.Digest("saml/artifact", a.String())
}

// resolve is the artifact resolution service (SAML Profiles, 5). An artifact is
// good once, and for the service alone that it was made for; others are told
// what those are who come too late: nothing (SAML Core, 3.5.3).
func (p *Provider) resolve(r *http.Request, in received) ([]byte, error) {
	if in.kind != wire.KindArtifactResolve {
		return nil, unheard("SAML Profiles, 5", "this address takes ArtifactResolve only")
	}
	q, err := p.readResolve(r.Context(), in)
	answer := wire.ArtifactResponse{Status: wire.Status{Code: wire.Success}}
	if err == nil {
		answer.Message, err = p.take(r.Context(), in.service, q.Artifact)
	}
	var fault *wire.Error
	switch {
	case errors.As(err, &fault) && fault.Answerable:
		p.note(r, fault)
		answer.Status = fault.Status()
	case err != nil:
		return nil, err
	}
	signer, err := p.signerFor(in.service)
	if err != nil {
		return nil, err
	}
	answer.Header = p.header("", q.ID)
	return answer.Write(signer)
}

// readResolve reads what a service asks for, and refuses what is not for us, not
// of now, or not for the first time.
func (p *Provider) readResolve(ctx context.Context, in received) (wire.ArtifactResolve, error) {
	q, err := wire.ReadArtifactResolve(in.document)
	if err == nil {
		err = q.Check(p.Issuer+artifactPath, in.document.Signed(), p.Broker.Now())
	}
	if err != nil {
		return q, err
	}
	return q, p.firstTime(ctx, in.service, q.ID)
}

// take is the response behind an artifact, which is gone then; nil for none.
func (p *Provider) take(ctx context.Context, s *catalogue.Service, a wire.Artifact) ([]byte, error) {
	sealed, found, err := p.Broker.Volatile.Take(ctx, p.artifactKey(a))
	var kept waiting
	if err != nil || !found || !p.Broker.Ring.UnsealValue(artifactPurpose, string(sealed), &kept) || kept.Service != s.ID {
		return nil, err
	}
	return kept.Message, nil
}
