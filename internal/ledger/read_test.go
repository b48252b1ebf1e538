package ledger

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/law"
	"kapu/internal/store"
)

func (w *world) history(person, before string, limit int) (records []Record) {
	w.t.Helper()
	w.view(func(tx *store.Tx) (err error) {
		records, err = w.History(tx, person, before, limit)
		return err
	})
	return records
}

func TestACitizenReadsTheirOwnHistory(t *testing.T) {
	eachEngine(t, func(w *world) {
		first := w.append(w.anna, signIn)
		reached := Released{Service: "tax", Data: []string{"name", "tax_number"}, Method: law.TOTP, Level: law.Substantial}
		second := w.append(w.anna, reached)
		w.append(w.bela, signIn)
		w.sequence()
		want := []Record{
			{ID: second, At: w.clock.Now(), Kind: "service.reached", Event: reached, Intact: true, Position: 1},
			{ID: first, At: w.clock.Now(), Kind: "signin.succeeded", Event: signIn, Intact: true, Position: 0},
		}
		if diff := cmp.Diff(want, w.history(w.anna, "", 10)); diff != "" {
			w.t.Error(diff)
		}
		if diff := cmp.Diff(want[1:], w.history(w.anna, second, 10)); diff != "" {
			w.t.Error(diff)
		}
	})
}

func TestEveryKindReadsBackAsItWasWritten(t *testing.T) {
	eachEngine(t, func(w *world) {
		for _, topic := range topics {
			for _, e := range topic.events {
				full := filled(e)
				w.append(w.anna, full)
				if diff := cmp.Diff(full, w.history(w.anna, "", 1)[0].Event); diff != "" {
					w.t.Errorf("%s: %s", e.Kind(), diff)
				}
			}
		}
	})
}

func TestAnAlteredEntryIsNotShownAsIntact(t *testing.T) {
	eachEngine(t, func(w *world) {
		id := w.append(w.anna, signIn)
		w.tamper("UPDATE ledger SET at = at - 86400000 WHERE id = $1", id)
		if r := w.history(w.anna, "", 1)[0]; r.Intact {
			w.t.Errorf("%+v", r)
		}
	})
}

func TestAnUnknownKindIsRefused(t *testing.T) {
	w := sqliteWorld(t)
	err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
		_, err := w.Append(tx, w.anna, stray{})
		return err
	})
	if err == nil || len(w.history(w.anna, "", 1)) > 0 {
		t.Errorf("recorded: %v", err)
	}
}

type stray struct{}

func (stray) Kind() string { return "stray" }
