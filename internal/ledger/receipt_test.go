package ledger

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/store"
)

// receipt returns an entry's receipt and the keys to check it with.
func (w *world) receipt(person, id string) (data []byte, verifierKeys []string) {
	w.t.Helper()
	w.view(func(tx *store.Tx) (err error) {
		if data, err = w.Receipt(tx, person, id); err != nil {
			return err
		}
		verifierKeys, err = w.VerifierKeys(tx.Now)
		return err
	})
	return data, verifierKeys
}

func TestAReceiptProvesItsEntry(t *testing.T) {
	eachEngine(t, func(w *world) {
		ids := w.fill()
		data, verifierKeys := w.receipt(w.anna, ids[4])
		got, err := VerifyReceipt(data, verifierKeys...)
		w.must(err)
		want := Proven{ID: ids[4], At: w.clock.Now(), Kind: "signin.succeeded", Person: w.anna, Event: signIn,
			Position: 4, Size: 12, Signed: w.clock.Now(), Origin: "kapu.example.hu/ledger", Head: got.Head}
		if diff := cmp.Diff(want, got); diff != "" {
			w.t.Error(diff)
		}
	})
}

func TestAReceiptIsForItsOwnPersonOnly(t *testing.T) {
	eachEngine(t, func(w *world) {
		ids := w.fill()
		waiting := w.append(w.anna, signIn)
		w.view(func(tx *store.Tx) error {
			if _, err := w.Receipt(tx, w.bela, ids[4]); !errors.Is(err, store.ErrNotFound) {
				w.t.Errorf("somebody else's: %v", err)
			}
			if _, err := w.Receipt(tx, w.anna, waiting); !errors.Is(err, ErrPending) {
				w.t.Errorf("not sequenced: %v", err)
			}
			return nil
		})
	})
}

func TestAForgedReceiptProvesNothing(t *testing.T) {
	w := sqliteWorld(t)
	ids := w.fill()
	data, verifierKeys := w.receipt(w.anna, ids[4])
	forgeries := map[string]struct {
		forge func(*receipt)
		want  Doubt
	}{
		"another leaf":         {func(r *receipt) { r.Leaf = strings.Replace(r.Leaf, "totp", "card", 1) }, WrongPlace},
		"another place":        {func(r *receipt) { r.Position = 5 }, WrongPlace},
		"a place before all":   {func(r *receipt) { r.Position = -1 }, WrongPlace},
		"a shorter proof":      {func(r *receipt) { r.Proof = r.Proof[1:] }, WrongPlace},
		"another proof":        {func(r *receipt) { r.Proof[0] = r.Proof[1] }, WrongPlace},
		"no hash":              {func(r *receipt) { r.Proof[0] = "x" }, WrongPlace},
		"another tree":         {func(r *receipt) { r.Checkpoint = strings.Replace(r.Checkpoint, "\n12\n", "\n13\n", 1) }, WrongSigner},
		"an unsigned head":     {func(r *receipt) { r.Checkpoint, _, _ = strings.Cut(r.Checkpoint, "— ") }, WrongHead},
		"no head":              {func(r *receipt) { r.Checkpoint = "" }, WrongHead},
		"an invented value":    {func(r *receipt) { r.Disclosures[1] = newDisclosure(newSalt(), "account", "another") }, WrongValue},
		"an additional value":  {func(r *receipt) { r.Disclosures = append(r.Disclosures, newDisclosure(newSalt(), "more", "x")) }, WrongValue},
		"another person":       {func(r *receipt) { r.Disclosures[0] = newDisclosure(newSalt(), personField, w.bela) }, WrongValue},
		"a value under a name": {func(r *receipt) { r.Disclosures[1] = newDisclosure(newSalt(), "", "x") }, WrongValue},
		"another version":      {func(r *receipt) { r.Version = 2 }, NotReceipt},
	}
	for name, c := range forgeries {
		var r receipt
		w.must(json.Unmarshal(data, &r))
		c.forge(&r)
		forged, err := json.Marshal(r)
		w.must(err)
		if p, err := VerifyReceipt(forged, verifierKeys...); err != c.want || !errors.Is(err, ErrReceipt) || p.ID != "" {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	_, others := sqliteWorld(t).receiptKeys()
	if _, err := VerifyReceipt(data, others...); err != WrongSigner {
		t.Errorf("under another ledger's key: %v", err)
	}
	if p, err := (Trust{}).Verify(data); err != Unvouched || errors.Is(err, ErrReceipt) || p.ID != ids[4] {
		t.Errorf("without a key: %+v, %v", p, err)
	}
}

func (w *world) receiptKeys() ([]byte, []string) {
	ids := w.fill()
	return w.receipt(w.anna, ids[0])
}

// A citizen may keep a value to themselves and still prove the entry.
func TestAReceiptMayDiscloseLess(t *testing.T) {
	w := sqliteWorld(t)
	data, verifierKeys := w.receiptKeys()
	var r receipt
	w.must(json.Unmarshal(data, &r))
	r.Disclosures = nil
	data, _ = json.Marshal(r)
	p, err := VerifyReceipt(data, verifierKeys...)
	w.must(err)
	if want := (Identified{Method: signIn.Method, Level: signIn.Level}); p.Event != want || p.Person != "" {
		t.Errorf("%+v", p)
	}
}

func FuzzVerifyReceipt(f *testing.F) {
	w := sqliteWorld(f)
	data, verifierKeys := w.receiptKeys()
	genuine, err := VerifyReceipt(data, verifierKeys...)
	w.must(err)
	f.Add(string(data))
	f.Add(`{"version":1}`)
	f.Add(`{"version":1,"leaf":"","position":9223372036854775807,"proof":[],"checkpoint":"\n1\n\n"}`)
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := VerifyReceipt([]byte(text), verifierKeys...); err == nil && (p.ID != genuine.ID || p.Position != genuine.Position) {
			t.Fatalf("forged: %+v", p)
		}
	})
}
