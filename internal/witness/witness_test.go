package witness_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/ledger/cosign"
	"kapu/internal/portal"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/volatile"
	"kapu/internal/web"
	"kapu/internal/witness"
)

// world is a gateway with its public ledger, a citizen, and a burglar's way into
// the tables.
type world struct {
	t      *testing.T
	clock  *storetest.Clock
	db     *store.DB
	raw    *sql.DB
	ledger *ledger.Ledger
	server *httptest.Server
	person string
	signer *cosign.Signer
	state  string
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func open(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: storetest.NewClock(), state: filepath.Join(t.TempDir(), "state")}
	dsn := storetest.SQLiteDSN(t)
	ring := storetest.Ring(t)
	var err error
	w.db, err = store.Open(t.Context(), dsn, store.Options{Ring: ring, Now: w.clock.Now})
	w.must(err)
	t.Cleanup(func() { w.db.Close() })
	w.raw, err = sql.Open("sqlite", "file:"+strings.TrimPrefix(dsn, "sqlite:")+"?_pragma=busy_timeout(10000)")
	w.must(err)
	t.Cleanup(func() { w.raw.Close() })
	heads, err := rotation.Open(t.Context(), w.db, "ledger", keys.EdDSA, keys.LedgerSchedule(), w.clock.Now)
	w.must(err)
	private, public, err := cosign.NewKey("witness.example/w1")
	w.must(err)
	w.signer, err = cosign.NewSigner(private, w.clock.Now)
	w.must(err)
	w.ledger = ledger.New(ledger.Config{DB: w.db, Ring: ring, Origin: "kapu.example/ledger", Keys: heads, WitnessKeys: []string{public}})
	shell, err := web.New(web.Config{Issuer: "http://kapu.example", Now: w.clock.Now, Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	offered, err := catalogue.New(nil)
	w.must(err)
	b := broker.New(broker.Config{DB: w.db, Volatile: volatile.NewSQL(w.db), Ring: ring, Ledger: w.ledger, Law: law.Default(), Catalogue: offered, Shell: shell, Now: w.clock.Now})
	mux := http.NewServeMux()
	portal.New(portal.Config{DB: w.db, Ledger: w.ledger, Law: law.Default(), Catalogue: offered, Broker: b, Shell: shell, Now: w.clock.Now}).Mount(mux)
	w.server = httptest.NewServer(shell.Wrap(mux))
	t.Cleanup(w.server.Close)
	name := identity.Name{Family: "Próba", Given: "Anna"}
	w.must(w.db.Update(t.Context(), func(tx *store.Tx) (err error) {
		w.person, err = tx.SavePerson("ref", identity.Person{CurrentName: name, Core: identity.Core{BirthName: name, MotherBirthName: name, BirthDate: identity.Date{Year: 1980, Month: 2, Day: 3}}})
		return err
	}))
	return w
}

// day appends some entries, and lets the head settle.
func (w *world) day() (id string) {
	w.t.Helper()
	for range 5 {
		w.must(w.db.Update(w.t.Context(), func(tx *store.Tx) (err error) {
			id, err = w.ledger.Append(tx, w.person, ledger.Released{Service: "tax", Data: []string{"name"}, Method: law.TOTP, Level: law.Substantial})
			return err
		}))
	}
	w.sequence()
	w.clock.Advance(2 * time.Minute)
	return id
}

func (w *world) sequence() {
	w.t.Helper()
	_, err := w.ledger.Sequence(w.t.Context())
	w.must(err)
}

func (w *world) keys() []string {
	w.t.Helper()
	list, err := w.ledger.VerifierKeys(w.clock.Now())
	w.must(err)
	return list
}

func (w *world) gateway() *witness.Gateway {
	w.t.Helper()
	g, err := witness.NewGateway(w.server.URL)
	w.must(err)
	return g
}

func (w *world) witness() *witness.Witness {
	w.t.Helper()
	x, err := witness.Open(witness.Config{Gateway: w.gateway(), Keys: w.keys(), Signer: w.signer, State: w.state, Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	w.t.Cleanup(func() { _ = x.Close() })
	return x
}

func (w *world) receipt(id string) (data []byte) {
	w.t.Helper()
	w.must(w.db.View(w.t.Context(), func(tx *store.Tx) (err error) {
		data, err = w.ledger.Receipt(tx, w.person, id)
		return err
	}))
	return data
}

func TestAWitnessSignsWhatOnlyGrew(t *testing.T) {
	w := open(t)
	x := w.witness()
	if _, err := x.Look(t.Context()); !errors.Is(err, witness.ErrNothing) {
		t.Errorf("an empty ledger: %v", err)
	}
	id := w.day()
	for i, want := range []witness.Seen{{Size: 5, Signed: true}, {Size: 5}} {
		got, err := x.Look(t.Context())
		if err != nil || got.Size != want.Size || got.Signed != want.Signed {
			t.Errorf("look %d: %+v, %v", i, got, err)
		}
	}
	w.day()
	if got, err := x.Look(t.Context()); err != nil || got.Size != 10 || !got.Signed {
		t.Errorf("after a day: %+v, %v", got, err)
	}
	p, err := ledger.Trust{Keys: w.keys(), Witnesses: []string{w.signer.Key()}, Need: 1}.Verify(w.receipt(id))
	if err != nil || len(p.Witnesses) != 1 || p.Size != 10 {
		t.Errorf("the receipt: %+v, %v", p, err)
	}
	if _, err := witness.Contains(t.Context(), w.gateway(), p.Head, w.keys()...); err != nil {
		t.Errorf("the ledger contains the head of the receipt: %v", err)
	}
}

// TestARewrittenLedgerIsFound is what witnesses are for: somebody with the database
// and all keys changes an entry, computes the whole tree anew and signs it anew. The
// gateway's own verification finds nothing; the witness and the holder of a receipt do.
func TestARewrittenLedgerIsFound(t *testing.T) {
	w := open(t)
	x := w.witness()
	id := w.day()
	before, err := x.Look(t.Context())
	w.must(err)
	kept, err := ledger.Trust{Keys: w.keys()}.Verify(w.receipt(id))
	w.must(err)

	for _, statement := range []string{
		"UPDATE ledger SET body = replace(body, '\"tax\"', '\"fax\"'), position = NULL",
		"DELETE FROM ledger_hashes", "DELETE FROM ledger_checkpoints", "DELETE FROM ledger_cosignatures",
	} {
		_, err := w.raw.Exec(statement)
		w.must(err)
	}
	w.sequence()
	report, err := w.ledger.Verify(t.Context(), ledger.Watch{})
	if err != nil || !report.Sound() {
		t.Fatalf("the ledger was not rewritten well: %v, %v", report, err)
	}
	w.clock.Advance(2 * time.Minute)

	for round := range 2 { // the same size with another root; then grown further
		got, err := x.Look(t.Context())
		if !errors.Is(err, witness.ErrFork) || got.Signed || got.Size != before.Size {
			t.Errorf("round %d: the witness says %+v, %v", round, got, err)
		}
		if _, err := witness.Contains(t.Context(), w.gateway(), kept.Head, w.keys()...); !errors.Is(err, witness.ErrFork) {
			t.Errorf("round %d: the holder of a receipt sees %v", round, err)
		}
		w.day()
	}
	evidence, err := filepath.Glob(w.state + ".fork-*")
	if err != nil || len(evidence) != 2 {
		t.Fatalf("evidence: %v, %v", evidence, err)
	}
	for _, path := range evidence {
		text, err := os.ReadFile(path)
		w.must(err)
		if _, err := ledger.ReadHead(string(text), w.keys()...); err != nil {
			t.Errorf("the evidence is not signed by the ledger: %v", err)
		}
	}
	if root, err := ledger.ReadHead(x.Last(), w.keys()...); err != nil || root.Size != before.Size {
		t.Errorf("the witness has let go of what it saw: %+v, %v", root, err)
	}
	// An auditor with the witness's state finds it in the database, too.
	report, err = w.ledger.Verify(t.Context(), ledger.Watch{Seen: []string{w.state}})
	if err != nil || report.Sound() {
		t.Errorf("against the witness's state: %v, %v", report, err)
	}
}

func TestACutLedgerIsFound(t *testing.T) {
	w := open(t)
	x := w.witness()
	w.day()
	w.day()
	_, err := x.Look(t.Context())
	w.must(err)
	for _, statement := range []string{
		"DELETE FROM ledger WHERE position >= 5", "DELETE FROM ledger_checkpoints WHERE size > 5", "DELETE FROM ledger_hashes WHERE position >= 8",
	} {
		_, err := w.raw.Exec(statement)
		w.must(err)
	}
	if _, err := x.Look(t.Context()); !errors.Is(err, witness.ErrFork) {
		t.Errorf("the witness says %v", err)
	}
}

func TestAWitnessGoesOnWhereItStopped(t *testing.T) {
	w := open(t)
	x := w.witness()
	w.day()
	_, err := x.Look(t.Context())
	w.must(err)
	if _, err := witness.Open(witness.Config{Gateway: w.gateway(), Keys: w.keys(), Signer: w.signer, State: w.state}); err == nil {
		t.Error("two witnesses have one state")
	}
	w.must(x.Close())
	// What was signed but did not arrive is handed in again, not signed again.
	_, err = w.raw.Exec("DELETE FROM ledger_cosignatures")
	w.must(err)
	x = w.witness()
	if got, err := x.Look(t.Context()); err != nil || got.Signed || got.Size != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	w.must(w.db.View(t.Context(), func(tx *store.Tx) error {
		all, err := w.ledger.Witnesses(tx)
		if err != nil || len(all) != 1 || all[0].Size != 5 {
			t.Errorf("%+v, %v", all, err)
		}
		return nil
	}))
	w.must(x.Close())
	for name, text := range map[string]string{"empty": "", "cut off": "kapu.example/ledger\n5\n", "of nobody": strings.Replace(x.Last(), "witness.example/w1", "witness.example/w2", 1)} {
		w.must(os.WriteFile(w.state, []byte(text), 0o600))
		if _, err := witness.Open(witness.Config{Gateway: w.gateway(), Keys: w.keys(), Signer: w.signer, State: w.state}); err == nil || !strings.Contains(err.Error(), "bring back the file") {
			t.Errorf("a state that is %s: %v", name, err)
		}
	}
}

func TestAWitnessSignsForItsOwnLedgerOnly(t *testing.T) {
	w, other := open(t), open(t)
	other.day()
	x, err := witness.Open(witness.Config{Gateway: other.gateway(), Keys: w.keys(), Signer: w.signer, State: w.state, Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	defer x.Close()
	if got, err := x.Look(t.Context()); !errors.Is(err, witness.ErrStranger) || got.Signed {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := os.Stat(w.state); err == nil {
		t.Error("something was noted down")
	}
}

// A gateway that cannot be reached, or answers nonsense, is no fork and no reason to sign.
func TestABrokenGatewayIsNotAFork(t *testing.T) {
	w := open(t)
	w.day()
	broken := false
	front := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if broken && r.URL.Path == "/ledger/consistency" {
			out.WriteHeader(http.StatusBadGateway)
			return
		}
		w.server.Config.Handler.ServeHTTP(out, r)
	}))
	defer front.Close()
	g, err := witness.NewGateway(front.URL)
	w.must(err)
	x, err := witness.Open(witness.Config{Gateway: g, Keys: w.keys(), Signer: w.signer, State: w.state, Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	defer x.Close()
	_, err = x.Look(t.Context())
	w.must(err)
	w.day()
	broken = true
	if got, err := x.Look(t.Context()); err == nil || errors.Is(err, witness.ErrFork) || got.Size != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	broken = false
	if got, err := x.Look(t.Context()); err != nil || got.Size != 10 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAWitnessShowsWhatItSigned(t *testing.T) {
	w := open(t)
	x := w.witness()
	side := httptest.NewServer(x)
	defer side.Close()
	get := func(path string) (int, string) {
		r, err := http.Get(side.URL + path)
		w.must(err)
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		w.must(err)
		return r.StatusCode, string(text)
	}
	if status, _ := get("/checkpoint"); status != http.StatusNotFound {
		t.Errorf("before anything was signed: %d", status)
	}
	w.day()
	_, err := x.Look(t.Context())
	w.must(err)
	if status, text := get("/checkpoint"); status != http.StatusOK || text != x.Last() {
		t.Errorf("%d %q", status, text)
	}
	if _, text := get("/key"); strings.TrimSpace(text) != w.signer.Key() {
		t.Errorf("%q", text)
	}
}

func TestAddressesOfGateways(t *testing.T) {
	for address, good := range map[string]bool{"https://kapu.example.hu": true, "https://kapu.example.hu/": true, "http://localhost:8080": true,
		"http://kapu.example.hu": false, "kapu.example.hu": false, "": false, "https://a?b": false} {
		if _, err := witness.NewGateway(address); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// FuzzConsistency: whatever a gateway sends as a proof, a witness that holds one
// tree does not take another for its continuation.
func FuzzConsistency(f *testing.F) {
	f.Add("")
	f.Add(tlog.Hash{}.String() + "\n")
	f.Add(strings.Repeat("x\n", 100))
	f.Fuzz(func(t *testing.T, text string) {
		front := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(out, text) }))
		defer front.Close()
		g, err := witness.NewGateway(front.URL)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := g.Consistency(context.Background(), 5, 10)
		if err == nil && tlog.CheckTree(proof, 10, tlog.Hash{1}, 5, tlog.Hash{2}) == nil {
			t.Fatalf("%q proves too much", text)
		}
	})
}
