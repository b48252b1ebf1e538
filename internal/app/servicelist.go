package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"kapu/internal/catalogue"
	oidc "kapu/internal/federation/oidc/provider"
	saml "kapu/internal/federation/saml/provider"
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
	kept, err := a.metadata(ctx)
	if err != nil {
		return 0, err
	}
	seen := fingerprint(text, rows, kept)
	if seen == a.loaded {
		return 0, nil
	}
	list, err := a.services(text, rows, kept)
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
	a.allowSandboxes(list)
	return 1, a.signing.Need(ctx, slices.Concat(oidc.AlgorithmsOf(list), saml.AlgorithmsOf(list))...)
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

func fingerprint(text string, rows []store.ServiceRow, kept map[string]store.Metadata) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", text)
	for _, r := range rows {
		fmt.Fprintf(h, "%q\n", r.Text)
	}
	for _, id := range slices.Sorted(maps.Keys(kept)) {
		fmt.Fprintf(h, "%q %q %q\n", id, kept[id].Text, kept[id].Fault)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// services are all of them: those that the program was started with, those of the file, those of the database.
func (a *App) services(text string, rows []store.ServiceRow, kept map[string]store.Metadata) ([]*catalogue.Service, error) {
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
	return a.allLearnt(list, kept)
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
