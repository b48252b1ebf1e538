package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"kapu/internal/catalogue"
	oidc "kapu/internal/federation/oidc/provider"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// reloadEvery is how soon a change of the catalogue takes effect everywhere.
const reloadEvery = 2 * time.Second

// reload puts the catalogue in force as the file and the database have it now. While something is wrong with it, the
// list before stays in force.
func (a *App) reload(ctx context.Context) (changed int, err error) {
	a.loading.Lock()
	defer a.loading.Unlock()
	text, err := a.fileText()
	if err != nil {
		return 0, err
	}
	var rows []store.ServiceRow
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) { rows, err = tx.Services(); return err }); err != nil {
		return 0, err
	}
	seen := fingerprint(text, rows)
	if seen == a.loaded {
		return 0, nil
	}
	list, err := a.services(text, rows)
	if err != nil {
		return 0, err
	}
	if a.Catalogue == nil {
		a.Catalogue, err = catalogue.New(list)
	} else {
		err = a.Catalogue.Replace(list)
	}
	if err != nil {
		return 0, err
	}
	a.loaded = seen
	return 1, a.signing.Need(ctx, oidc.AlgorithmsOf(list)...)
}

func (a *App) fileText() (string, error) {
	if a.ServicesFile == "" {
		return "", nil
	}
	text, err := os.ReadFile(a.ServicesFile)
	return string(text), err
}

// readServices reads the file, for a start that says at once what is wrong.
func readServices(path string) ([]*catalogue.Service, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseServices(path, string(text))
}

func fingerprint(text string, rows []store.ServiceRow) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", text)
	for _, r := range rows {
		fmt.Fprintf(h, "%q\n", r.Text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// services are all of them: those that the program was started with, those of the file, those of the database.
func (a *App) services(text string, rows []store.ServiceRow) ([]*catalogue.Service, error) {
	list := slices.Clone(a.Services)
	if a.ServicesFile != "" {
		found, err := parseServices(a.ServicesFile, text)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	for _, r := range rows {
		s, err := serviceOf(r)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

func parseServices(path, text string) ([]*catalogue.Service, error) {
	services, err := catalogue.Parse([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, s := range services {
		if s != nil && strings.HasPrefix(s.ID, DemoPrefix) {
			return nil, fmt.Errorf("%s: %q is a service of the demo", path, s.ID)
		}
	}
	return services, nil
}

func serviceOf(r store.ServiceRow) (*catalogue.Service, error) {
	found, err := catalogue.Parse([]byte(r.Text))
	if err != nil || len(found) != 1 || found[0] == nil {
		return nil, fmt.Errorf("service %q: the registration in the database is not readable", r.ID)
	}
	return found[0], nil
}

// Registered is a service with where its registration is kept.
type Registered struct {
	*catalogue.Service
	Commanded bool // in the database, by command; else in the file, or made by the demo
}

// RegisteredServices are all services, in the order of the catalogue.
func (a *App) RegisteredServices(ctx context.Context) (all []Registered, err error) {
	if _, err := a.reload(ctx); err != nil {
		return nil, err
	}
	kept := map[string]bool{}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Services()
		for _, r := range rows {
			kept[r.ID] = true
		}
		return err
	})
	for _, s := range a.Catalogue.All() {
		all = append(all, Registered{s, kept[s.ID]})
	}
	return all, err
}

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
	return secret, a.add(ctx, s, "")
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
	others := slices.DeleteFunc(slices.Clone(a.Catalogue.All()), func(o *catalogue.Service) bool { return o.ID == s.ID })
	_, err := catalogue.New(append(others, s))
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
	return a.changeService(ctx, s.ID, func(_ *store.Tx, present *catalogue.Service) (ledger.Event, error) {
		if s.OIDC != nil && present.OIDC != nil {
			s.OIDC.KeepSecret(present.OIDC)
		}
		*present = *s
		text, err := catalogue.Marshal(s)
		return ledger.ServiceChanged{Service: s.ID, Digest: digestOf(text)}, err
	})
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
