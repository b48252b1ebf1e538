package demo_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kapu/internal/app"
	"kapu/internal/app/demo"
)

func start(t *testing.T, dir string, fresh bool) *demo.Demo {
	t.Helper()
	d, err := demo.Start(t.Context(), demo.Options{Data: dir, Fresh: fresh, Listen: "localhost:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// read reads demo.json as a program would.
func read(t *testing.T, dir string) (d demo.Description) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheDescriptionIsTrue(t *testing.T) {
	dir := t.TempDir()
	start(t, dir, false)
	d := read(t, dir)
	for _, address := range []string{d.Start, d.Portal, d.Inbox, d.Gallery, d.Issuer + "/.well-known/openid-configuration", d.Services[0].URL, d.Services[1].URL} {
		res, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("GET %s = %s", address, res.Status)
		}
	}
	states, situations := map[string]int{}, map[string]bool{}
	for _, c := range d.Citizens {
		states[c.State]++
		states[c.Situation]++
		if c.State == "active" && c.TOTPSecret != "" {
			states["plus"]++
		}
	}
	if states["plus"] < 60 || states["pending"] == 0 || states["closed"] == 0 || states["ends-soon"] == 0 || states["provisional"] == 0 {
		t.Errorf("citizens: %v", states)
	}
	for _, p := range d.People {
		situations[p.Situation] = true
		if p.BirthName.IsZero() || p.MotherBirthName.IsZero() || p.BirthPlace == "" || p.BirthDate.IsZero() || p.Address.Street == "" && p.Situation != "abroad" || p.Document.Number == "" {
			t.Errorf("a person lacks what a desk would type: %+v", p)
		}
	}
	for _, s := range []string{"ordinary", "deceased", "lost-document", "minor", "foreigner"} {
		if !situations[s] {
			t.Errorf("nobody is in the situation %q of %v", s, situations)
		}
	}
	if !strings.HasPrefix(d.Telephone, "sip:1818@127.0.0.1:") || !slices.ContainsFunc(d.Citizens, func(c demo.Login) bool { return len(c.Phone) == 8 }) {
		t.Errorf("nobody can call %q", d.Telephone)
	}
	if len(d.Clerks) < 2 {
		t.Errorf("%d clerks", len(d.Clerks))
	}
}

func TestKeptDataKeepTheirSecrets(t *testing.T) {
	dir := t.TempDir()
	if err := start(t, dir, false).Close(); err != nil {
		t.Fatal(err)
	}
	before := read(t, dir)
	if err := start(t, dir, false).Close(); err != nil {
		t.Fatal(err)
	}
	kept := read(t, dir)
	if len(kept.Citizens) != len(before.Citizens) || kept.Citizens[0].TOTPSecret != before.Citizens[0].TOTPSecret {
		t.Error("a kept demo has other citizens")
	}
	if err := start(t, dir, true).Close(); err != nil {
		t.Fatal(err)
	}
	if fresh := read(t, dir); fresh.Citizens[0].TOTPSecret == before.Citizens[0].TOTPSecret {
		t.Error("a fresh demo kept the old keys")
	}
}

func TestOneDemoAFolder(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir, false)
	o := demo.Options{Data: dir, Fresh: true, Listen: "localhost:0", Log: slog.New(slog.DiscardHandler)}
	if d, err := demo.Start(t.Context(), o); err == nil {
		d.Close()
		t.Fatal("a second demo runs on the data of the first")
	}
	if kept := read(t, dir); kept.Issuer != first.Issuer {
		t.Errorf("the folder tells of %s, and %s is running", kept.Issuer, first.Issuer)
	}
}

func TestTheDemoStaysOnThisMachine(t *testing.T) {
	for _, listen := range []string{"0.0.0.0:0", "192.0.2.1:8080", ":8080", "nonsense"} {
		d, err := demo.Start(t.Context(), demo.Options{Data: t.TempDir(), Listen: listen, Log: slog.New(slog.DiscardHandler)})
		if err == nil {
			d.Close()
			t.Errorf("listened on %s", listen)
		}
	}
}

func TestADemosDataAreRefusedInEarnest(t *testing.T) {
	dir := t.TempDir()
	if err := start(t, dir, false).Close(); err != nil {
		t.Fatal(err)
	}
	parts, err := demo.Parts(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if !parts.Ring.Demo() {
		t.Error("the demo's keys are not marked")
	}
	if err := a.RefuseDemo(t.Context()); err == nil {
		t.Error("the demo's desk is accepted")
	}
}
