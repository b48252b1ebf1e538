package app

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kapu/internal/catalogue"
	saml "kapu/internal/federation/saml/provider"
	"kapu/internal/ledger"
	"kapu/internal/outbound"
	"kapu/internal/store"
)

// SAMLMetadataPath is where our own metadata are.
const SAMLMetadataPath = saml.MetadataPath

// How the metadata of services are fetched.
const (
	metadataBytes   = 512 << 10
	metadataUsual   = time.Hour       // until the next look, where they do not say
	metadataSoonest = 5 * time.Minute // also after a look that failed
	metadataLatest  = 24 * time.Hour
)

// learnt is the service with what its metadata say. Those that stand in the
// registration must be good; of those that are fetched the last good ones count,
// and while there are none the service is known, but nobody can be sent there.
func (a *App) learnt(s *catalogue.Service, kept store.Metadata) (*catalogue.Service, error) {
	if s == nil || s.SAML == nil || !s.SAML.Described() {
		return s, nil
	}
	knows, own := *s, *s.SAML // others may be reading the one that was given
	knows.SAML = &own
	text := own.Metadata
	if own.Fetched() {
		text = kept.Text
	}
	if text == "" {
		own.Unknown(kept.Fault)
		return &knows, nil
	}
	if _, err := saml.Learn(&own, text, a.Now()); err != nil && !own.Fetched() {
		return nil, fmt.Errorf("service %q: saml.metadata: %w", s.ID, err)
	}
	return &knows, nil
}

func (a *App) allLearnt(list []*catalogue.Service, kept map[string]store.Metadata) (learnt []*catalogue.Service, err error) {
	for _, s := range list {
		if s != nil {
			if s, err = a.learnt(s, kept[s.ID]); err != nil {
				return nil, err
			}
		}
		learnt = append(learnt, s)
	}
	return learnt, nil
}

// metadata are those that were fetched, by service.
func (a *App) metadata(ctx context.Context) (kept map[string]store.Metadata, err error) {
	kept = map[string]store.Metadata{}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		all, err := tx.AllMetadata()
		for _, m := range all {
			kept[m.Service] = m
		}
		return err
	})
	return kept, err
}

// refreshMetadata fetches the metadata whose time has come, and forgets those of
// services that are gone: the job "saml metadata".
func (a *App) refreshMetadata(ctx context.Context) (done int, err error) {
	kept, err := a.metadata(ctx)
	if err != nil {
		return 0, err
	}
	var wait sync.WaitGroup
	var fetched atomic.Int64
	for _, s := range a.Catalogue.All() {
		was := kept[s.ID]
		if s.SAML == nil || !s.SAML.Fetched() {
			continue
		}
		delete(kept, s.ID)
		if was.Address != s.SAML.MetadataURL || !a.Now().Before(was.Due) {
			wait.Go(func() {
				if a.fetchMetadata(ctx, s, was) == nil {
					fetched.Add(1)
				}
			})
		}
	}
	wait.Wait()
	return int(fetched.Load()), a.forgetMetadata(ctx, kept)
}

func (a *App) forgetMetadata(ctx context.Context, gone map[string]store.Metadata) error {
	if len(gone) == 0 {
		return nil
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		for id := range gone {
			if err := tx.RemoveMetadata(id); err != nil {
				return err
			}
		}
		return nil
	})
}

// fetchMetadata looks at a service's metadata. Those that are not good leave the
// last good ones in force.
func (a *App) fetchMetadata(ctx context.Context, s *catalogue.Service, was store.Metadata) error {
	now := a.Now()
	text, fault := a.getMetadata(ctx, s.SAML, s.SAML.MetadataURL)
	next, own := was, *s.SAML
	next.Service, next.Address, next.Due, next.Fault = s.ID, s.SAML.MetadataURL, now.Add(metadataSoonest), ""
	var keep time.Duration
	if fault == nil {
		keep, fault = saml.Learn(&own, text, now)
	}
	if fault != nil {
		next.Fault = fault.Error()
		a.Log.Warn("saml: metadata of a service", "service", s.ID, "cause", fault)
	} else {
		next.Text, next.Fetched, next.Due = text, now, now.Add(keptFor(keep))
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.PutMetadata(next); err != nil || next.Text == was.Text {
			return err
		}
		_, err := a.Ledger.Append(tx, "", ledger.ServiceChanged{Service: s.ID, Digest: digestOf([]byte(text))})
		return err
	})
}

// keptFor is how long metadata are kept without another look; said is what they
// want themselves, 0 for nothing.
func keptFor(said time.Duration) time.Duration {
	if said == 0 {
		return metadataUsual
	}
	return min(max(said, metadataSoonest), metadataLatest)
}

func (a *App) getMetadata(ctx context.Context, m *catalogue.SAML, address string) (string, error) {
	client := outbound.New(outbound.Config{Private: m.PrivateNetwork, MaxBytes: metadataBytes, Now: a.Now})
	text, err := client.Get(ctx, address, "application/samlmetadata+xml, application/xml;q=0.9, text/xml;q=0.8")
	return string(text), err
}

// firstMetadata fetches what a service says of itself as soon as it is registered
// so. What goes wrong is noted for the next look, and told by [App.LintService].
func (a *App) firstMetadata(ctx context.Context, s *catalogue.Service) error {
	if s.SAML == nil || !s.SAML.Fetched() {
		return nil
	}
	kept, err := a.metadata(ctx)
	if err != nil {
		return err
	}
	return a.fetchMetadata(ctx, s, kept[s.ID])
}

// ServiceFromMetadata makes a registration out of metadata in a file, or at an
// address, where they are fetched this once.
func (a *App) ServiceFromMetadata(ctx context.Context, place string, private bool) (*catalogue.Service, error) {
	if strings.Contains(place, "://") {
		text, err := a.getMetadata(ctx, &catalogue.SAML{PrivateNetwork: private}, place)
		if err != nil {
			return nil, err
		}
		return saml.ServiceOf(text, a.Now())
	}
	text, err := os.ReadFile(place)
	if err != nil {
		return nil, err
	}
	return saml.ServiceOf(string(text), a.Now())
}

// withMetadata is the service with its metadata as they were fetched last, or if
// it is to be looked at live, as they are there now.
func (a *App) withMetadata(ctx context.Context, s *catalogue.Service, live bool) (*catalogue.Service, error) {
	if s.SAML == nil || !s.SAML.Fetched() {
		return a.learnt(s, store.Metadata{})
	}
	if live {
		text, err := a.getMetadata(ctx, s.SAML, s.SAML.MetadataURL)
		seen := store.Metadata{Text: text}
		if err != nil {
			seen.Fault = err.Error()
		}
		return a.learnt(s, seen)
	}
	kept, err := a.metadata(ctx)
	if err != nil {
		return nil, err
	}
	return a.learnt(s, kept[s.ID])
}
