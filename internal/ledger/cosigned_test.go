package ledger

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"kapu/internal/ledger/cosign"
	"kapu/internal/store"
)

// witness appoints an outside witness and returns it.
func (w *world) witness(name string) *cosign.Signer {
	w.t.Helper()
	private, public, err := cosign.NewKey(name)
	w.must(err)
	w.WitnessKeys = append(w.WitnessKeys, public)
	s, err := cosign.NewSigner(private, w.clock.Now)
	w.must(err)
	return s
}

// settled is the head that witnesses are shown, a while after the last entry.
func (w *world) settled() (signed string) {
	w.t.Helper()
	w.clock.Advance(2 * settledEvery)
	w.view(func(tx *store.Tx) (err error) {
		signed, err = w.Settled(tx)
		return err
	})
	return signed
}

// cosigns has the witness sign a head as it stands, and hand it in.
func (w *world) cosigns(s *cosign.Signer, signed string) (taken int, err error) {
	w.t.Helper()
	keys, err := w.VerifierKeys(w.clock.Now())
	w.must(err)
	known, err := verifierList(keys)
	w.must(err)
	n, err := note.Open([]byte(signed), known)
	w.must(err)
	out, err := note.Sign(n, s)
	w.must(err)
	return taken, w.DB.Update(w.t.Context(), func(tx *store.Tx) (err error) {
		taken, err = w.Cosign(tx, string(out))
		return err
	})
}

func TestAReceiptBringsItsWitnesses(t *testing.T) {
	eachEngine(t, func(w *world) {
		one, two := w.witness("witness.example/one"), w.witness("witness.example/two")
		ids := w.fill()
		first := w.settled()
		for _, s := range []*cosign.Signer{one, two} {
			if n, err := w.cosigns(s, first); n != 1 || err != nil {
				w.t.Fatalf("%s: %d, %v", s.Name(), n, err)
			}
		}
		later := w.fill()
		if n, err := w.cosigns(one, w.settled()); n != 1 || err != nil {
			w.t.Fatal(n, err)
		}
		trust := Trust{Witnesses: w.WitnessKeys, Need: 2}
		for _, c := range []struct {
			id   string
			size int64
			seen int
			want error
		}{{ids[4], 12, 2, nil}, {later[4], 24, 1, Unwitnessed}} {
			data, keys := w.receipt(w.anna, c.id)
			trust.Keys = keys
			p, err := trust.Verify(data)
			if err != c.want || p.Size != c.size || len(p.Witnesses) != c.seen {
				w.t.Errorf("%+v, %v; want %+v", p, err, c)
			}
			if (Trust{Keys: keys}).mustVerify(w, data); len(p.Witnesses) > 0 && p.Witnesses[0].Name != "witness.example/one" {
				w.t.Errorf("%+v", p.Witnesses)
			}
		}
		w.view(func(tx *store.Tx) error {
			all, err := w.Witnesses(tx)
			if err != nil || len(all) != 2 || all[0].Size != 24 || all[1].Size != 12 {
				w.t.Errorf("%+v, %v", all, err)
			}
			return nil
		})
	})
}

func (t Trust) mustVerify(w *world, data []byte) {
	w.t.Helper()
	_, err := t.Verify(data)
	w.must(err)
}

func TestOnlyKnownWitnessesOfOurOwnHeadsCount(t *testing.T) {
	w := sqliteWorld(t)
	w.fill()
	signed := w.settled()
	known := w.witness("witness.example/one")
	keys := w.WitnessKeys
	stranger := w.witness("witness.example/stranger")
	w.WitnessKeys = keys
	if _, err := w.cosigns(stranger, signed); !errors.Is(err, ErrNotCosigned) {
		t.Errorf("a stranger: %v", err)
	}
	other := sqliteWorld(t)
	other.fill()
	other.WitnessKeys = w.WitnessKeys
	foreign, err := note.Open([]byte(other.settled()), must(verifierList(must(other.VerifierKeys(other.clock.Now())))))
	w.must(err)
	out, err := note.Sign(foreign, known)
	w.must(err)
	for name, text := range map[string]string{
		"another ledger's head": string(out), "nothing": "", "the head alone": signed, "too much": strings.Repeat("x", maxCosigned+1),
	} {
		w.view(func(tx *store.Tx) error {
			if n, err := w.Cosign(tx, text); err == nil || n != 0 {
				t.Errorf("%s: %d, %v", name, n, err)
			}
			return nil
		})
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// All who ask within a minute are shown one head, however fast the ledger grows.
func TestTheHeadForWitnessesRests(t *testing.T) {
	w := sqliteWorld(t)
	w.fill()
	w.view(func(tx *store.Tx) error {
		if signed, err := w.Settled(tx); !errors.Is(err, store.ErrNotFound) && !strings.Contains(signed, "\n") {
			t.Errorf("%q, %v", signed, err)
		}
		return nil
	})
	before := w.settled()
	w.clock.Advance(time.Second)
	w.fill()
	w.view(func(tx *store.Tx) error {
		if now, err := w.Settled(tx); err != nil || now != before {
			t.Errorf("the head moved within a minute: %v", err)
		}
		return nil
	})
	if w.settled() == before {
		t.Error("the head did not move in two minutes")
	}
}

// No byte of a receipt may change: not of the entry, its place, the proof, the head,
// any signature, or a value.
func TestNoByteOfAReceiptMayChange(t *testing.T) {
	w := sqliteWorld(t)
	one := w.witness("witness.example/one")
	ids := w.fill()
	if _, err := w.cosigns(one, w.settled()); err != nil {
		t.Fatal(err)
	}
	data, keys := w.receipt(w.anna, ids[4])
	trust := Trust{Keys: keys, Witnesses: w.WitnessKeys, Need: 1}
	trust.mustVerify(w, data)
	for i := range data {
		forged := append([]byte{}, data...)
		forged[i] ^= 1
		if p, err := trust.Verify(forged); err == nil || p.ID != "" && err != Unwitnessed {
			t.Errorf("byte %d, %q for %q, is taken: %v", i, forged[i], data[i], err)
		}
	}
}

// Names of fields that only look alike are others: two programs must not read
// two things in one receipt.
func TestAReceiptHasItsSixFieldsLetterByLetter(t *testing.T) {
	w := sqliteWorld(t)
	data, keys := w.receiptKeys()
	for name, forged := range map[string]string{
		"capitals":     strings.Replace(string(data), `"leaf"`, `"LEAF"`, 1),
		"one more":     strings.Replace(string(data), `"leaf"`, `"more": 1, "leaf"`, 1),
		"one fewer":    strings.Replace(string(data), `"version": 1,`, ``, 1),
		"two receipts": string(data) + string(data),
		"a list":       "[" + string(data) + "]",
	} {
		if _, err := VerifyReceipt([]byte(forged), keys...); err != NotReceipt {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzCosign(f *testing.F) {
	w := sqliteWorld(f)
	s := w.witness("witness.example/one")
	w.fill()
	signed := w.settled()
	out, err := note.Sign(must(note.Open([]byte(signed), must(verifierList(must(w.VerifierKeys(w.clock.Now())))))), s)
	w.must(err)
	f.Add(string(out))
	f.Add(signed)
	f.Add("kapu.example.hu/ledger\n12\n\n\n— witness.example/one AAAA\n")
	head, _, _ := strings.Cut(signed, "— ")
	back := errors.New("nothing stays")
	f.Fuzz(func(t *testing.T, text string) {
		err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
			if _, err := w.Cosign(tx, text); err == nil && !strings.HasPrefix(text, head) {
				t.Errorf("taken: %q", text)
			}
			return back
		})
		if !errors.Is(err, back) {
			t.Error(err)
		}
	})
}

// FuzzReadHead: a head that is read is one that the ledger signed.
func FuzzReadHead(f *testing.F) {
	w := sqliteWorld(f)
	w.fill()
	signed := w.settled()
	keys := must(w.VerifierKeys(w.clock.Now()))
	genuine := must(ReadHead(signed, keys...))
	f.Add(signed)
	f.Add(strings.Replace(signed, "\n12\n", "\n13\n", 1))
	f.Add("a\n1\n\n\n\n— a AAAAAAAA\n")
	f.Fuzz(func(t *testing.T, text string) {
		if root, err := ReadHead(text, keys...); err == nil && root != genuine {
			t.Fatalf("forged: %+v", root)
		}
	})
}

func TestASearchFindsEachEntryOnce(t *testing.T) {
	eachEngine(t, func(w *world) {
		w.fill()
		w.clock.Advance(24 * time.Hour)
		since := w.clock.Now()
		w.fill()
		for name, c := range map[string]struct {
			filter Filter
			want   int
		}{
			"everything":      {Filter{}, 12},
			"a kind":          {Filter{Kinds: []string{"signin.succeeded"}}, 6},
			"kinds":           {Filter{Kinds: []string{"signin.succeeded", "service.reached"}}, 12},
			"no kind":         {Filter{Kinds: []string{}}, 0},
			"a service":       {Filter{Service: "tax"}, 6},
			"another service": {Filter{Service: "ta"}, 0},
			"a method":        {Filter{Method: "totp", Service: "tax"}, 6},
			"since":           {Filter{From: since}, 6},
			"until":           {Filter{Till: since}, 6},
			"between":         {Filter{From: since, Till: since}, 0},
		} {
			seen, before := map[string]bool{}, ""
			for range 20 {
				var found Found
				w.view(func(tx *store.Tx) (err error) {
					found, err = w.Search(tx, w.anna, c.filter, before, 5)
					return err
				})
				for _, r := range found.Records {
					if seen[r.ID] || !r.Intact {
						w.t.Errorf("%s: %+v again, or damaged", name, r)
					}
					seen[r.ID] = true
				}
				if before = found.Next; before == "" {
					break
				}
			}
			if len(seen) != c.want || before != "" {
				w.t.Errorf("%s: %d entries, want %d", name, len(seen), c.want)
			}
		}
	})
}

// What is in a receipt is what its fields say, in their order: JSON written by
// others in the same shape is read the same.
func TestAReceiptIsReadAsItIsWritten(t *testing.T) {
	w := sqliteWorld(t)
	data, _ := w.receiptKeys()
	var r receipt
	w.must(json.Unmarshal(data, &r))
	if read, err := readReceipt(data); err != nil || read.Leaf != r.Leaf || len(read.Proof) != len(r.Proof) {
		t.Errorf("%+v, %v", read, err)
	}
}

func TestVerificationReadsTheWitnesses(t *testing.T) {
	eachEngine(t, func(w *world) {
		one := w.witness("witness.example/one")
		w.fill()
		_, err := w.cosigns(one, w.settled())
		w.must(err)
		w.fill()
		look := func(need int) (Report, []Finding) {
			var found []Finding
			report, err := w.Verify(w.t.Context(), Watch{Need: need, Found: func(f Finding) { found = append(found, f) }})
			w.must(err)
			return report, found
		}
		if report, found := look(1); !report.Sound() || report.Cosigned != 12 || !strings.Contains(report.String(), "12 entries under") {
			w.t.Errorf("%v: %v", report, found)
		}
		if _, found := look(2); len(found) != 1 || found[0].Fault != Uncosigned {
			w.t.Errorf("two demanded: %v", found)
		}
		w.tamper("UPDATE ledger_cosignatures SET line = replace(line, '=', 'A')")
		if _, found := look(0); len(found) != 1 || found[0].Fault != Forged {
			w.t.Errorf("a forged signature of a witness: %v", found)
		}
	})
}
