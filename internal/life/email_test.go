package life_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/life"
	"kapu/internal/store"
)

func TestEmailByPortalNeedsBothAddresses(t *testing.T) {
	const fresh = "uj@posta.example"
	for _, order := range [][2]string{{"email-confirm-new", "email-confirm-old"}, {"email-confirm-old", "email-confirm-new"}} {
		t.Run(order[0]+" first", func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				anna := w.citizen("KisAnna", 5)
				w.further(anna, "MasikAnna")
				w.asksEmail(anna.ID, fresh)
				asked := w.letters()
				if diff := cmp.Diff([]string{"email-confirm-new " + fresh, "email-confirm-old kisanna@posta.example"}, kinds(asked)); diff != "" {
					t.Fatal(diff)
				}
				first, second := w.letterOf(asked, order[0]).token(), w.letterOf(asked, order[1]).token()
				for range 2 { // twice is no two confirmations
					if link := w.confirm(first); link.Due.IsZero() {
						t.Fatalf("carried out with one confirmation: %+v", link)
					}
				}
				if w.account(anna.ID).Email == fresh || len(w.letters()) > 0 {
					t.Fatal("the new address has power before both confirmed")
				}
				if p := w.pending(anna.ID); len(p) != 1 || p[0].NeedsNew == p[0].NeedsOld || p[0].Email != fresh {
					t.Errorf("%+v", p)
				}
				if link := w.confirm(second); !link.Due.IsZero() {
					t.Errorf("not carried out: %+v", link)
				}
				if w.account(anna.ID).Email != fresh {
					t.Error("not changed")
				}
				want := []string{"email-changed kisanna@posta.example", "email-changed masikanna@posta.example", "email-changed " + fresh}
				if diff := cmp.Diff(want, kinds(w.letters())); diff != "" {
					t.Error(diff)
				}
				w.refuses(first)
				w.refuses(second)
				if diff := cmp.Diff([]string{"email.requested", "email.changed"}, w.events(anna.PersonID)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// Whoever reads the former mailbox must not begin what was asked for while it was the owner's.
func TestALinkToADeletionDiesWithTheAddressItWentTo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		w.asksDeletion(anna.ID)
		deletion := w.letters()[0].token()
		w.asksEmail(anna.ID, "uj@posta.example")
		for _, l := range w.letters() {
			w.confirm(l.token())
		}
		w.refuses(deletion)
	})
}

func TestEmailByPortalIsStoppedFromTheOldAddressOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		for _, confirmed := range []bool{false, true} { // having confirmed, one can still think again
			w.asksEmail(anna.ID, "uj@posta.example")
			asked := w.letters()
			older, newer := w.letterOf(asked, "email-confirm-old").token(), w.letterOf(asked, "email-confirm-new").token()
			if confirmed {
				w.confirm(older)
			}
			if _, err := w.Stop(context.Background(), newer); !errors.Is(err, life.ErrGone) {
				t.Errorf("the new address stops: %v", err)
			}
			_, err := w.Stop(context.Background(), older)
			w.must(err)
			w.refuses(older)
			w.refuses(newer)
			if got := kinds(w.letters()); !slices.Equal(got, []string{"email-change-stopped kisanna@posta.example"}) {
				t.Errorf("%v", got)
			}
		}
		if got := w.account(anna.ID).Email; got != anna.Email {
			t.Errorf("%s", got)
		}
	})
}

func TestEmailIsForgottenUnlessBothConfirmInTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		w.asksEmail(anna.ID, "uj@posta.example")
		asked := w.letters()
		w.confirm(w.letterOf(asked, "email-confirm-new").token())
		w.passes(24 * time.Hour)
		for _, l := range asked {
			w.refuses(l.token())
		}
		if got := w.account(anna.ID).Email; got != anna.Email {
			t.Errorf("%s", got)
		}
		if diff := cmp.Diff([]string{"email.requested", "email.stopped"}, w.events(anna.PersonID)); diff != "" {
			t.Error(diff)
		}
		w.gone([]string{"uj@posta.example"})
	})
}

func TestAskingAgainMakesTheFormerLinksWorthless(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		w.asksEmail(anna.ID, "idegen@posta.example")
		former := w.letters()
		w.confirm(w.letterOf(former, "email-confirm-old").token())
		w.asksEmail(anna.ID, "uj@posta.example")
		for _, l := range former {
			w.refuses(l.token())
		}
		asked := w.letters()
		w.confirm(w.letterOf(asked, "email-confirm-new").token())
		if got := w.account(anna.ID).Email; got != anna.Email {
			t.Errorf("the confirmation of one address counts for another: %s", got)
		}
	})
}

func TestEmailAtTheDesk(t *testing.T) {
	const fresh = "uj@posta.example"
	request := func(w *world, id string) time.Time {
		return w.asks(id, func(tx *store.Tx, a identity.Account) (time.Time, error) { return w.RequestEmail(tx, a, fresh, clerk) })
	}
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		due := request(w, anna.ID)
		asked := w.letters()
		if diff := cmp.Diff([]string{"email-change-announced kisanna@posta.example", "email-confirm-new " + fresh}, kinds(asked)); diff != "" {
			t.Fatal(diff)
		}
		w.passes(time.Hour)
		if link := w.confirm(w.letterOf(asked, "email-confirm-new").token()); !link.Due.Equal(due) {
			t.Errorf("%+v, not at %s", link, due)
		}
		w.passes(due.Sub(w.clock.Now()) - time.Second)
		if got := w.account(anna.ID).Email; got != anna.Email {
			t.Error("has power before the old address could stop it")
		}
		w.passes(time.Second)
		w.sweep()
		if got := w.account(anna.ID).Email; got != fresh {
			t.Error("not carried out")
		}
		if diff := cmp.Diff([]string{"email-changed kisanna@posta.example", "email-changed " + fresh}, kinds(w.letters())); diff != "" {
			t.Error(diff)
		}

		bela := w.citizen("NagyBence", 5)
		request(w, bela.ID)
		asked = w.letters()
		w.confirm(w.letterOf(asked, "email-confirm-new").token())
		w.passes(23 * time.Hour)
		_, err := w.Stop(context.Background(), w.letterOf(asked, "email-change-announced").token())
		w.must(err)
		w.passes(10 * day)
		if got := w.account(bela.ID).Email; got != bela.Email {
			t.Error("stopped in vain")
		}
	})
}

func TestTheSameAddressIsNoChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		err := w.DB.Update(context.Background(), func(tx *store.Tx) error { _, err := w.AskEmail(tx, anna, anna.Email); return err })
		if !errors.Is(err, life.ErrSameEmail) || len(w.letters()) > 0 {
			t.Error(err)
		}
	})
}
