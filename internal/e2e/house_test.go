package e2e

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/app/demo"
	"kapu/internal/browsertest"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/method/totp"
	"kapu/internal/simulator/mailbox"
	"kapu/internal/simulator/population"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

// A house is a demo that runs for one test, with a clock that only the test moves.
type house struct {
	demo.Description // as demo.json tells it
	demo             *demo.Demo
	t                testing.TB
	clock            *storetest.Clock
	read             map[string]bool // letters, by id
	closed           bool
}

// open starts a demo on that database; "" is a SQLite file of its own.
func open(t testing.TB, database string, departures ...law.Row) *house {
	t.Helper()
	return openIn(t, t.TempDir(), database, storetest.NewClock(), departures...)
}

// openIn starts a demo, or one more time the demo whose data are in the folder.
func openIn(t testing.TB, data, database string, clock *storetest.Clock, departures ...law.Row) *house {
	t.Helper()
	h := &house{t: t, clock: clock, read: map[string]bool{}}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	var err error
	h.demo, err = demo.Start(context.Background(), demo.Options{
		Data: data, Listen: "localhost:0", Database: database, Now: h.clock.Now, Law: departures, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)
	written, err := os.ReadFile(filepath.Join(data, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written, &h.Description); err != nil {
		t.Fatal(err)
	}
	return h
}

// close ends the demo; what is in its folder stays.
func (h *house) close() {
	if h.closed {
		return
	}
	h.closed = true
	if err := h.demo.Close(); err != nil {
		h.t.Error(err)
	}
}

// pass lets time go by, and what comes round come round.
func (h *house) pass(d time.Duration) {
	h.t.Helper()
	h.clock.Advance(d)
	if err := h.demo.App.Round(context.Background()); err != nil {
		h.t.Error(err)
	}
	h.demo.App.Outbox.Wake()
}

// verifies reads the whole ledger as `kapu ledger verify` does.
func (h *house) verifies() {
	h.t.Helper()
	report, err := h.demo.App.Ledger.Verify(context.Background(), ledger.Watch{Found: func(f ledger.Finding) { h.t.Errorf("ledger: %v", f) }})
	if err != nil || report.Entries == 0 {
		h.t.Errorf("the ledger does not verify: %+v, %v", report, err)
	}
}

// person is the nth person of the register in a situation, of those without an account.
func (h *house) person(situation string, n int) demo.Entry {
	h.t.Helper()
	for _, e := range h.People {
		if e.Situation != situation {
			continue
		}
		if n == 0 {
			return e
		}
		n--
	}
	h.t.Fatalf("nobody is %q", situation)
	return demo.Entry{}
}

// citizen is the nth ready-made citizen in a situation.
func (h *house) citizen(situation string, n int) demo.Login {
	h.t.Helper()
	all := slices.DeleteFunc(slices.Clone(h.Citizens), func(l demo.Login) bool { return l.Situation != situation })
	if n >= len(all) {
		h.t.Fatalf("there are %d citizens who are %q", len(all), situation)
	}
	return all[n]
}

// documents are what a ready-made citizen has in their pocket.
func (h *house) documents(l demo.Login) demo.Entry {
	h.t.Helper()
	nth := slices.IndexFunc(h.Citizens, func(c demo.Login) bool { return c.Username == l.Username })
	crowd := h.demo.Population.In(population.Crowd)
	if nth < 0 || crowd[nth].Person.CurrentName.String() != l.Name {
		h.t.Fatalf("nobody is %s", l.Name)
	}
	return typed(crowd[nth])
}

// typed is what a desk types of somebody in the register.
func typed(e population.Entry) demo.Entry {
	p := e.Person
	return demo.Entry{CurrentName: p.CurrentName, BirthName: p.BirthName, MotherBirthName: p.MotherBirthName, BirthPlace: p.BirthPlace,
		BirthDate: p.BirthDate, Nationality: p.Nationality, Address: p.Address, Document: e.Documents[0].Document,
		TaxNumber: string(p.TaxNumber), TAJ: string(p.TAJ)}
}

// code is what an authenticator app shows for the key, after the time in which
// the code before it was good.
func (h *house) code(key string) string {
	h.t.Helper()
	secret, err := totp.ParseSecret(key)
	if err != nil {
		h.t.Fatal(err)
	}
	digits, period, skew := law.Default().TOTP(h.clock.Now())
	h.clock.Advance(period)
	return totp.Code(secret, h.clock.Now(), totp.Params{Digits: digits, Period: period, Skew: skew})
}

// mail waits for a letter to that address whose subject holds the words, and
// that nobody has read yet. Nobody reads their mail in no time.
func (h *house) mail(to, subject string) mailbox.Message {
	h.t.Helper()
	var found mailbox.Message
	h.until("a mail “"+subject+"”", func() bool {
		all := h.demo.Mailbox.Messages(to)
		i := slices.IndexFunc(all, func(m mailbox.Message) bool { return strings.Contains(m.Subject, subject) && !h.read[m.ID] })
		if i >= 0 {
			found = all[i]
			h.read[found.ID] = true
		}
		return i >= 0
	})
	h.clock.Advance(time.Minute)
	return found
}

// patience is how long work in the background may take before a test gives up.
const patience = 30 * time.Second

// until asks again and again until the answer is yes.
func (h *house) until(what string, yes func() bool) {
	h.t.Helper()
	const breath = 50 * time.Millisecond
	end, tick := time.After(patience), time.NewTicker(breath)
	defer tick.Stop()
	for !yes() {
		select {
		case <-end:
			h.t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}

// A visitor is somebody at a browser who reads one language. Texts are named by
// their keys, so that one walk serves both languages; what is looked for on the
// page are the words.
type visitor struct {
	*browsertest.Page
	house     *house
	lang      web.Lang
	noScripts bool // pages that lead on by themselves wait for a press
}

// visitor opens a browser window for somebody who reads Hungarian.
func (h *house) visitor(t testing.TB, b *browsertest.Browser) visitor {
	of := *h
	of.t = t // what goes wrong fails the test the visitor came for
	return visitor{Page: b.Visitor(t), house: &of, lang: web.Hungarian}
}

// said is a text as the page writes it.
func (v visitor) said(key string, args ...any) string {
	text := v.house.demo.App.Shell.Text(v.lang, key, args...)
	if text == key {
		v.house.t.Fatalf("no text is called %s", key)
	}
	return strings.ReplaceAll(text, "**", "")
}

func (v visitor) sees(key string, args ...any) { v.See(v.said(key, args...)) }

func (v visitor) clicks(key string, args ...any) { v.Click(v.said(key, args...)) }

func (v visitor) types(key, value string) { v.Fill(v.said(key), value) }

func (v visitor) within(key string) visitor {
	v.Page = v.In(v.said(key))
	return v
}

// at opens a page of the gateway.
func (v visitor) at(path string) { v.Visit(v.house.Issuer + path) }
