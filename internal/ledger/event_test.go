package ledger

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func sqliteWorld(t testing.TB) *world { return open(t, storetest.SQLiteDSN(t)) }

// secret stands in every text field of an event made by filled.
const secret = `Őrült "titok" <&>`

// filled is an event of the same kind with something in every field.
func filled(e Event) Event {
	v := reflect.New(reflect.TypeOf(e)).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Type() {
		case levelType:
			f.Set(reflect.ValueOf(law.High))
		case timeType:
			f.Set(reflect.ValueOf(time.Date(2026, 3, 4, 5, 6, 7, 8e6, time.UTC)))
		case listType:
			f.Set(reflect.ValueOf([]string{secret, "two"}))
		default:
			if isCount(f.Type()) {
				f.SetInt(3000)
				continue
			}
			f.SetString(secret)
		}
	}
	return v.Interface().(Event)
}

func TestALeafHoldsNoPersonalFieldInClear(t *testing.T) {
	w := sqliteWorld(t)
	for _, topic := range topics {
		for _, e := range topic.events {
			v := reflect.New(reflect.TypeOf(e)).Elem()
			personal := 0
			for _, f := range shapes[e.Kind()].fields {
				if f.personal && v.Field(f.index).Kind() == reflect.String {
					v.Field(f.index).SetString("titok")
					personal++
				}
			}
			id := w.append(w.anna, v.Interface().(Event))
			row := w.row(id)
			for _, text := range []string{"titok", w.anna} {
				if strings.Contains(row.Body, text) || strings.Contains(row.Opening, text) {
					t.Errorf("%s: %q in clear: %s", e.Kind(), text, row.Body)
				}
			}
			if lf, _, err := parseLeaf(row.Body); err != nil || len(lf.Personal) != personal {
				t.Errorf("%s: %d commitments, want %d (%v)", e.Kind(), len(lf.Personal), personal, err)
			}
		}
	}
}

func (w *world) row(id string) (row store.LedgerRow) {
	w.t.Helper()
	w.view(func(tx *store.Tx) (err error) {
		row, err = tx.LedgerEntry(id)
		return err
	})
	return row
}

// Equal values must not be told from one another's commitments.
func TestCommitmentsAreSalted(t *testing.T) {
	w := sqliteWorld(t)
	one, _, _ := parseLeaf(w.row(w.append(w.anna, signIn)).Body)
	two, _, _ := parseLeaf(w.row(w.append(w.anna, signIn)).Body)
	if one.Person == two.Person || one.Personal["account"] == two.Personal["account"] {
		t.Errorf("entries of one person can be linked:\n%+v\n%+v", one, two)
	}
}

func TestKindsAreNamedAlike(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$`)
	for _, kind := range Kinds() {
		if !form.MatchString(kind) {
			t.Errorf("%q", kind)
		}
	}
}

func TestAStructThatCannotBeRecordedIsRefused(t *testing.T) {
	for _, e := range []Event{untagged{}, doubly{}, strange{}, posing{}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T was accepted", e)
				}
			}()
			shapeOf(e)
		}()
	}
}

type (
	untagged struct{ Name string }
	doubly   struct {
		Name string `public:"name" personal:"name"`
	}
	strange struct {
		Count float64 `public:"count"`
	}
	posing struct {
		Who string `personal:"person"`
	}
)

func (untagged) Kind() string { return "test.untagged" }
func (doubly) Kind() string   { return "test.doubly" }
func (strange) Kind() string  { return "test.strange" }
func (posing) Kind() string   { return "test.posing" }
