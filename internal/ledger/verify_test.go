package ledger

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestASoundLedgerIsFoundSound(t *testing.T) {
	eachEngine(t, func(w *world) {
		w.fill()
		report, found := w.verify()
		want := Report{Entries: 12, Heads: 3, Witnessed: 3}
		if report != want || len(found) > 0 {
			w.t.Errorf("report %+v, findings %v", report, found)
		}
	})
}

func TestAnEmptyLedgerIsSound(t *testing.T) {
	eachEngine(t, func(w *world) {
		if report, found := w.verify(); !report.Sound() {
			w.t.Errorf("%+v %v", report, found)
		}
	})
}

func TestDamageIsFound(t *testing.T) {
	burglaries := []struct {
		name  string
		crime func(w *world, ids []string)
		fault Fault
		place int64 // of the entry, or size of the tree
	}{
		{"altered body", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET body = replace(body, 'tax_number', 'name_only!') WHERE id = $1", ids[5])
		}, Altered, 5},
		{"altered body and its hash", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET body = replace(body, 'tax_number', 'name_only!') WHERE id = $1", ids[5])
			w.rehash()
		}, Altered, 8},
		{"altered time column", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET at = at + 1000 WHERE id = $1", ids[2])
		}, Altered, 2},
		{"altered kind column", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET kind = 'session.ended' WHERE id = $1", ids[2])
		}, Altered, 2},
		{"entry laid to another person", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET person = $2 WHERE id = $1", ids[4], w.bela)
		}, Altered, 4},
		{"entry hidden from its person", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET person = $2 WHERE id = $1", ids[4], store.NewID())
		}, Altered, 4},
		{"altered opening", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET opening = 'AAAA' || substr(opening, 5) WHERE id = $1", ids[4])
		}, Unopened, 4},
		{"opening taken away", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET opening = '' WHERE id = $1", ids[4])
		}, Unopened, 4},
		{"swapped openings", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET opening = (SELECT opening FROM ledger WHERE id = $2) WHERE id = $1", ids[0], ids[4])
		}, Unopened, 0},
		{"removed from the middle", func(w *world, ids []string) {
			w.tamper("DELETE FROM ledger WHERE id = $1", ids[6])
		}, Removed, 6},
		{"removed with its hash", func(w *world, ids []string) {
			w.tamper("DELETE FROM ledger WHERE id = $1", ids[0])
			w.tamper("DELETE FROM ledger_hashes WHERE position = 0")
		}, Removed, 0},
		{"removed and closed up", func(w *world, ids []string) {
			w.tamper("DELETE FROM ledger WHERE id = $1", ids[6])
			for i := 7; i < 12; i++ {
				w.tamper("UPDATE ledger SET position = $2 WHERE id = $1", ids[i], i-1)
			}
		}, Truncated, 11},
		{"reordered", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET position = 100 WHERE id = $1", ids[1])
			w.tamper("UPDATE ledger SET position = 1 WHERE id = $1", ids[9])
			w.tamper("UPDATE ledger SET position = 9 WHERE id = $1", ids[1])
		}, Altered, 9},
		{"truncated", func(w *world, ids []string) {
			w.tamper("DELETE FROM ledger WHERE position >= 8")
		}, Truncated, 8},
		{"truncated with its head", func(w *world, ids []string) {
			w.Witness = ""
			w.tamper("DELETE FROM ledger WHERE position >= 8")
			w.tamper("DELETE FROM ledger_checkpoints WHERE size > 8")
		}, Truncated, 8},
		{"truncated without a trace in the database", func(w *world, ids []string) {
			w.truncateClean(8)
		}, Truncated, 8},
		{"everything removed", func(w *world, ids []string) {
			w.truncateClean(0)
		}, Truncated, 0},
		{"truncated and grown again", func(w *world, ids []string) {
			w.truncateClean(8)
			for range 4 {
				w.append(w.bela, signIn)
			}
			path := w.Witness
			w.Witness = ""
			w.sequence()
			w.Witness = path
		}, Altered, 12},
		{"newest head removed", func(w *world, ids []string) {
			w.tamper("DELETE FROM ledger_checkpoints WHERE size = 12")
		}, Unsigned, 8},
		{"altered leaf hash", func(w *world, ids []string) {
			w.tamper("UPDATE ledger_hashes SET hash = (SELECT hash FROM ledger_hashes WHERE position = 1) WHERE position = 0")
		}, Hashes, 0},
		{"altered inner hash", func(w *world, ids []string) {
			w.tamper("UPDATE ledger_hashes SET hash = (SELECT hash FROM ledger_hashes WHERE position = 1) WHERE position = 2")
		}, Hashes, 1},
		{"removed hash", func(w *world, ids []string) {
			w.tamper("DELETE FROM ledger_hashes WHERE position = 3")
		}, Hashes, 2},
		{"altered head", func(w *world, ids []string) {
			w.tamper("UPDATE ledger_checkpoints SET note = replace(note, '2026', '2025') WHERE size = 8")
		}, Forged, 8},
		{"altered moment of a head", func(w *world, ids []string) {
			w.tamper("UPDATE ledger_checkpoints SET at = at - 1 WHERE size = 8")
		}, Forged, 8},
		{"head of another ledger", func(w *world, ids []string) {
			other := open(w.t, storetest.SQLiteDSN(w.t))
			other.fill()
			var note string
			w.must(other.raw.QueryRow("SELECT note FROM ledger_checkpoints WHERE size = 8").Scan(&note))
			w.tamper("UPDATE ledger_checkpoints SET note = $1 WHERE size = 8", note)
		}, Forged, 8},
		{"damaged witness", func(w *world, ids []string) {
			text, err := os.ReadFile(w.Witness)
			w.must(err)
			w.must(os.WriteFile(w.Witness, []byte(strings.Replace(string(text), "\n8\n", "\n9\n", 1)), 0o600))
		}, Forged, -1},
		{"witness removed", func(w *world, ids []string) {
			w.must(os.Remove(w.Witness))
		}, Forged, -1},
		{"a place beyond all bounds", func(w *world, ids []string) {
			w.tamper("UPDATE ledger SET position = 1000000000000000 WHERE id = $1", ids[11])
		}, Truncated, 11},
	}
	for _, b := range burglaries {
		t.Run(b.name, func(t *testing.T) {
			eachEngine(t, func(w *world) {
				ids := w.fill()
				b.crime(w, ids)
				report, found := w.verify()
				if report.Sound() {
					w.t.Fatal("nothing was found")
				}
				if !slices.ContainsFunc(found, func(f Finding) bool { return f.Fault == b.fault && f.Position == b.place }) {
					w.t.Errorf("want %s at %d, found: %v", b.fault, b.place, found)
				}
			})
		})
	}
}

// One altered entry must not make the rest of the ledger look bad.
func TestDamageIsConfinedToItsPlace(t *testing.T) {
	eachEngine(t, func(w *world) {
		ids := w.fill()
		w.tamper("UPDATE ledger SET body = replace(body, 'change', 'reset!') WHERE id = $1", ids[2])
		w.tamper("DELETE FROM ledger WHERE id = $1", ids[7])
		report, found := w.verify()
		if report.Findings != 2 || report.Heads != 3 || report.Witnessed != 3 {
			w.t.Errorf("%+v\n%v", report, found)
		}
	})
}

func TestAnErasedPersonStillVerifies(t *testing.T) {
	eachEngine(t, func(w *world) {
		w.fill()
		w.update(func(tx *store.Tx) error {
			gone, err := tx.ErasePerson(w.anna)
			if !gone {
				w.t.Error("not erased")
			}
			return err
		})
		report, found := w.verify()
		if !report.Sound() || report.Erased != 3 {
			w.t.Errorf("%+v %v", report, found)
		}
		w.view(func(tx *store.Tx) error {
			records, err := w.History(tx, w.anna, "", 10)
			for _, r := range records {
				if e, ok := r.Event.(Identified); ok && (e.Account != "" || e.Device != "") {
					w.t.Errorf("personal fields outlived their person: %+v", e)
				}
			}
			return err
		})
	})
}

func TestKeysThatSignedLongAgoAreStillKnown(t *testing.T) {
	eachEngine(t, func(w *world) {
		w.fill()
		for range 3 {
			w.clock.Advance(400 * 24 * 60 * 60 * 1e9)
			w.must(w.Keys.Tick(context.Background()))
			w.clock.Advance(48 * 60 * 60 * 1e9)
			w.fill()
		}
		if report, found := w.verify(); !report.Sound() || report.Heads != 12 {
			w.t.Errorf("%+v %v", report, found)
		}
		if list, _ := w.VerifierKeys(w.clock.Now()); len(list) != 4 {
			w.t.Errorf("verifier keys: %v", list)
		}
	})
}

// rehash makes the stored hashes follow from the bodies again, as a thorough
// burglar would.
func (w *world) rehash() {
	w.tamper("DELETE FROM ledger_hashes")
	w.update(func(tx *store.Tx) error {
		rows, err := tx.LedgerFrom(0, 100)
		if err != nil {
			return err
		}
		tree := &edge{}
		for _, row := range rows {
			if err := storeHashes(tx, tree, []string{row.Body}); err != nil {
				return err
			}
		}
		return nil
	})
}

// truncateClean cuts the ledger to n entries and leaves no trace in the database.
func (w *world) truncateClean(n int64) {
	w.tamper("DELETE FROM ledger WHERE position >= $1", n)
	w.tamper("DELETE FROM ledger_checkpoints WHERE size > $1", n)
	w.tamper("DELETE FROM ledger_hashes WHERE position >= $1", tlog.StoredHashCount(n))
}

func TestAFindingSaysWhereInWords(t *testing.T) {
	f := Finding{Altered, 4, "id-4", "it is wrong"}
	if got, want := fmt.Sprint(f), "altered: entry id-4 at place 4: it is wrong"; got != want {
		t.Errorf("%q", got)
	}
}
