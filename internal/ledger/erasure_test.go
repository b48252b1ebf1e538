package ledger

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"kapu/internal/store"
)

// reasons are all there are: a field of so few values is guessed at once, unless
// its commitment is salted.
var reasons = []string{"presence", "phone", "letter", "error", "review", "other"}

// guessed tries every value with every salt, and tells which one was committed to.
func guessed(commitment string, salts []string) string {
	for _, salt := range salts {
		for _, reason := range reasons {
			if newDisclosure(salt, "reason", reason).digest() == commitment {
				return reason
			}
		}
	}
	return ""
}

// saltsOf are the salts in disclosures.
func saltsOf(t *testing.T, opened []disclosure) (salts []string) {
	t.Helper()
	for _, d := range opened {
		var parts []any
		if raw, err := base64.RawURLEncoding.DecodeString(string(d)); err != nil || json.Unmarshal(raw, &parts) != nil {
			t.Fatal(d, err)
		}
		salts = append(salts, parts[0].(string))
	}
	return salts
}

// Erasing a person deletes what opens their entries. Whoever has the database and
// the gateway's keys then learns nothing of them, not even by guessing; and the
// proofs of everybody, the erased person's own kept receipt too, still hold.
func TestAnErasedPersonsEntriesCannotBeGuessed(t *testing.T) {
	eachEngine(t, func(w *world) {
		look := LookedUp{Office: "kisfalud", Reason: "letter", Clerk: "account-of-clerk", Account: "account-of-anna"}
		annas := w.append(w.anna, look)
		look.Account = "account-of-bela"
		belas := w.append(w.bela, look)
		w.sequence()
		kept, keys := w.receipt(w.anna, annas)
		lf, _, err := parseLeaf(w.row(annas).Body)
		w.must(err)

		var mine receipt
		w.must(json.Unmarshal(kept, &mine))
		if got := guessed(lf.Personal["reason"], saltsOf(t, mine.Disclosures)); got != "letter" {
			w.t.Fatalf("with the salt the value is not found (%q): this test shows nothing", got)
		}
		w.update(func(tx *store.Tx) error {
			gone, err := tx.ErasePerson(w.anna)
			if !gone {
				w.t.Error("not erased")
			}
			return err
		})

		// What is left to somebody with everything: the leaf, the sealed opening, the
		// gateway's keys, the salts of everybody else, and the one that follows from them.
		others, otherKeys := w.receipt(w.bela, belas)
		var theirs receipt
		w.must(json.Unmarshal(others, &theirs))
		salts := append(saltsOf(t, theirs.Disclosures), "", annas, w.anna, w.Ring.Digest("ledger/person", annas))
		if got := guessed(lf.Personal["reason"], salts); got != "" {
			w.t.Errorf("the value was guessed: %q", got)
		}
		w.view(func(tx *store.Tx) error {
			row, err := tx.LedgerEntry(annas)
			w.must(err)
			o := opener{ring: w.Ring, tx: tx}
			if opened, err := o.open(row, lf); !errors.Is(err, errErased) || opened != nil {
				w.t.Errorf("what opens the entry can still be read: %v, %v", opened, err)
			}
			if _, err := w.Ring.Decrypt(openingPlace(annas), row.Opening); err == nil {
				w.t.Error("the gateway's own key opens it")
			}
			return nil
		})
		if p, err := VerifyReceipt(others, otherKeys...); err != nil || p.Event.(LookedUp).Reason != "letter" {
			w.t.Errorf("somebody else's receipt: %+v, %v", p, err)
		}
		if _, err := VerifyReceipt(kept, keys...); err != nil {
			w.t.Errorf("the receipt that was kept: %v", err)
		}
		if report, found := w.verify(); !report.Sound() || report.Erased != 1 {
			w.t.Errorf("%v: %v", report, found)
		}
	})
}

func TestEverySaltIsFresh(t *testing.T) {
	w := sqliteWorld(t)
	var salts []string
	for range 50 {
		data, _ := func() ([]byte, []string) { id := w.append(w.anna, signIn); w.sequence(); return w.receipt(w.anna, id) }()
		var r receipt
		w.must(json.Unmarshal(data, &r))
		salts = append(salts, saltsOf(t, r.Disclosures)...)
	}
	slices.Sort(salts)
	if n := len(slices.Compact(slices.Clone(salts))); n != len(salts) {
		t.Errorf("%d salts of %d are different", n, len(salts))
	}
}
