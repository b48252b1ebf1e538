package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kapu/internal/catalogue"
	oidc "kapu/internal/federation/oidc/provider"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// AddService registers a service. A confidential one whose method needs a secret gets one, which is told here and never
// again. It errs with all that is wrong with the registration.
func (a *App) AddService(ctx context.Context, s *catalogue.Service, confidential bool) (secret string, err error) {
	if strings.HasPrefix(s.ID, DemoPrefix) {
		return "", fmt.Errorf("ids that begin with %q are the demo's", DemoPrefix)
	}
	if s.OIDC != nil && (confidential || s.OIDC.NeedsSecret()) && s.OIDC.SecretDigest == "" && s.OIDC.SealedSecret == "" {
		if secret, err = oidc.GiveSecret(a.Ring, s.OIDC); err != nil {
			return "", err
		}
	}
	if err := a.add(ctx, s, ""); err != nil {
		return "", err
	}
	return secret, a.firstMetadata(ctx, s)
}

// add records a service; token names the operator's token with which it registered by itself, if it did.
func (a *App) add(ctx context.Context, s *catalogue.Service, token string) error {
	if err := a.fits(ctx, s); err != nil {
		return err
	}
	text, err := catalogue.Marshal(s)
	if err != nil {
		return err
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddService(s.ID, string(text)); err != nil {
			return err
		}
		_, err := a.Ledger.Append(tx, "", ledger.ServiceRegistered{Service: s.ID, Digest: digestOf(text), Token: token})
		return err
	})
	if errors.Is(err, store.ErrTaken) {
		err = fmt.Errorf("service %q is registered already", s.ID)
	}
	return err
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// CheckService errs with all that keeps a registration from being taken. A secret that adding it would make is not missed.
func (a *App) CheckService(ctx context.Context, s *catalogue.Service) error {
	if s.OIDC != nil && s.OIDC.NeedsSecret() && s.OIDC.SecretDigest == "" && s.OIDC.SealedSecret == "" {
		if _, err := oidc.GiveSecret(a.Ring, s.OIDC); err != nil {
			return err
		}
	}
	return a.fits(ctx, s)
}

// fits tells whether the catalogue as it is now, with the service in it, is sound.
func (a *App) fits(ctx context.Context, s *catalogue.Service) error {
	if _, err := a.reload(ctx); err != nil {
		return err
	}
	return a.sound(s)
}

// sound tells whether the catalogue in force, with the service in it in place of any other of its id, is sound.
func (a *App) sound(s *catalogue.Service) error {
	s, err := a.learnt(s, store.Metadata{})
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(a.Catalogue.All()), func(o *catalogue.Service) bool { return o.ID == s.ID })
	_, err = catalogue.New(append(others, s))
	return err
}

// RotateServiceSecret gives a service another secret. The former one counts until the given time has passed, so that
// the service can change it without a pause.
func (a *App) RotateServiceSecret(ctx context.Context, id string, overlap time.Duration) (secret string, err error) {
	return secret, a.changeService(ctx, id, func(tx *store.Tx, s *catalogue.Service) (ledger.Event, error) {
		if s.OIDC == nil || s.OIDC.SecretDigest == "" && s.OIDC.SealedSecret == "" {
			return nil, fmt.Errorf("service %q has no secret to change", id)
		}
		s.OIDC.FormerUntil = tx.Now.Add(overlap).UTC()
		secret, err = oidc.GiveSecret(a.Ring, s.OIDC)
		return ledger.ServiceSecretRotated{Service: id}, err
	})
}

// ChangeService puts another registration in the place of a service's, and keeps its secret.
func (a *App) ChangeService(ctx context.Context, s *catalogue.Service) error {
	err := a.changeService(ctx, s.ID, func(_ *store.Tx, present *catalogue.Service) (ledger.Event, error) {
		if s.OIDC != nil && present.OIDC != nil {
			s.OIDC.KeepSecret(present.OIDC)
		}
		*present = *s
		text, err := catalogue.Marshal(s)
		return ledger.ServiceChanged{Service: s.ID, Digest: digestOf(text)}, err
	})
	if err != nil {
		return err
	}
	return a.firstMetadata(ctx, s)
}

func (a *App) changeService(ctx context.Context, id string, change func(*store.Tx, *catalogue.Service) (ledger.Event, error)) error {
	_, faulty := a.reload(ctx) // which may itself write: not within the transaction
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		rows, err := tx.Services()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(r store.ServiceRow) bool { return r.ID == id })
		if i < 0 {
			return a.notCommanded(id)
		}
		if faulty != nil {
			return faulty
		}
		s, err := serviceOf(rows[i])
		if err != nil {
			return err
		}
		event, err := change(tx, s)
		if err != nil {
			return err
		}
		if err := a.sound(s); err != nil {
			return err
		}
		text, err := catalogue.Marshal(s)
		if err != nil {
			return err
		}
		if err := tx.ChangeService(id, rows[i].Text, string(text)); err != nil {
			return err
		}
		_, err = a.Ledger.Append(tx, "", event)
		return err
	})
}

// notCommanded says why a command cannot change a service.
func (a *App) notCommanded(id string) error {
	if a.ServicesFile != "" {
		return fmt.Errorf("no service %q was registered by command; those of %s are changed there", id, a.ServicesFile)
	}
	return fmt.Errorf("no service %q was registered by command", id)
}

// RemoveService forgets a service. People's pseudonyms there are the same again if it comes back under its id.
func (a *App) RemoveService(ctx context.Context, id string) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		err := tx.RemoveService(id)
		if errors.Is(err, store.ErrNotFound) {
			return a.notCommanded(id)
		}
		if err != nil {
			return err
		}
		_, err = a.Ledger.Append(tx, "", ledger.ServiceRemoved{Service: id})
		return err
	})
}
