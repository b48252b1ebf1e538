package consent_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/volatile"
)

const decidePath = "/signin/consent"

func TestTheCitizenDecides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newWorld(t, db, clock)
		anna := w.citizen("KissAnna")
		b := w.asked(w.Browser(t), anna, askTown).At(decidePath).See(http.StatusOK,
			"Kisfalud</strong> az alábbiakat", "E-mail-cím:</strong> KissAnna@posta.example", "Lakcím:</strong> 1234 Kisfalud, Fő utca 1.",
			"név", "2011. évi CLXXXIX. törvény")
		if strings.Contains(b.Body, " checked") {
			t.Error("something is ticked beforehand")
		}
		decides(t, b, "ticked").See(http.StatusUnprocessableEntity, "Jelölje be, amit engedélyez, vagy")
		decides(t, b, "ticked", "email").See(http.StatusOK, `error "", allowed ["email"]`)
		if d := w.decision(anna.PersonID); strings.Join(d.Allows, " ") != "email" || strings.Join(d.Refuses, " ") != "address" {
			t.Errorf("kept: %+v", d)
		}
		// The second visit asks nothing, and one that asks for more asks for that.
		w.asked(b, anna, askTown).See(http.StatusOK, `allowed ["email"]`)
		w.asked(b, anna, askMore).At(decidePath).See(http.StatusOK, "Születési idő:</strong> 1980. április 9.", `name="allow_email" value="yes" checked`)
		if strings.Count(b.Body, " checked") != 1 {
			t.Error("more is ticked than was allowed before")
		}
		if n := w.count(anna.PersonID, "consent.decided"); n != 1 {
			t.Errorf("%d decisions in the ledger", n)
		}
	})
}

// overtaken is a store in which another tab was first, once.
type overtaken struct {
	volatile.Store
	armed bool
}

// CompareAndSwap implements volatile.Store.
func (o *overtaken) CompareAndSwap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if o.armed && strings.HasPrefix(key, "session/") {
		o.armed = false
		return false, nil
	}
	return o.Store.CompareAndSwap(ctx, key, old, value, ttl)
}

func TestWhatIsAllowedIsNotLostBesideAnotherTab(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	kept := &overtaken{Store: w.Broker.Volatile}
	w.Broker.Volatile = kept
	b := w.asked(w.Browser(t), anna, askTown).At(decidePath)
	kept.armed = true
	decides(t, b, "ticked", "email").See(http.StatusOK, `error "", allowed ["email"]`)
	if kept.armed {
		t.Error("nobody was first")
	}
}

func TestAllowingNothingGoesOn(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, askTown).At(decidePath)
	decides(t, b, "none", "email").See(http.StatusOK, `error "", allowed []`) // the button counts, not the box
	w.asked(b, anna, askTown).See(http.StatusOK, `error "", allowed []`)      // and nobody asks again
}

func TestTurningBack(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, askTown).At(decidePath)
	b.Follow("Vissza a szolgáltatáshoz").See(http.StatusOK, `error "denied"`)
	if n := w.count(anna.PersonID, "consent.decided"); n != 0 {
		t.Error("turning back decided something")
	}
	w.asked(b, anna, askTown).At(decidePath)
}

func TestAskedAgain(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, askTown)
	decides(t, b, "ticked", "email", "address").See(http.StatusOK, "allowed")
	w.asked(b, anna, askAgain).At(decidePath).See(http.StatusOK, "korábban már engedélyezte", `name="allow_address" value="yes" checked`)
	decides(t, b, "ticked", "address").See(http.StatusOK, `allowed ["address"]`)
	w.asked(b, anna, askTown).See(http.StatusOK, `allowed ["address"]`)
	w.asked(b, anna, askSilent).See(http.StatusOK, `error "", allowed []`) // refused is decided: nothing to ask
}

func TestSilence(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, `/ask?q={"s":"town"}`).See(http.StatusOK, `error ""`)
	w.asked(b, anna, askSilent).See(http.StatusOK, `error "consent"`)
	w.asked(b, anna, taxSilent).See(http.StatusOK, `error "identify"`)
}

func TestWhatWasNotAskedForIsRefused(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, askTown)
	page := b.URL.String()
	for name, pairs := range map[string][]string{
		"another datum":   {"decide", "ticked", "allow_taj", "yes", "allow_email", "yes"},
		"no button":       {"allow_email", "yes"},
		"a button of own": {"decide", "all"},
	} {
		w.asked(b, anna, askTown).At(decidePath)
		b.Post(page, append(pairs, "for", hidden(t, b, "for"))...)
		if b.Status != http.StatusBadRequest && b.URL.Path != decidePath {
			t.Errorf("%s: %d at %s", name, b.Status, b.URL.Path)
		}
	}
	if d := w.decision(anna.PersonID); len(d.Allows)+len(d.Refuses) > 0 {
		t.Errorf("kept: %+v", d)
	}
}

func TestSentTwiceAndFromAPageLeftOpen(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, askTown).At(decidePath)
	twin, page := b.Twin(), b.URL.String()
	decides(t, b, "ticked", "email").See(http.StatusOK, "allowed")
	decides(t, twin, "none").See(http.StatusOK, `allowed ["email"]`) // decided: the second form changes nothing
	b.Visit(page).See(http.StatusOK, `allowed ["email"]`)            // the back button leads on
	if n := w.count(anna.PersonID, "consent.decided"); n != 1 {
		t.Errorf("%d decisions", n)
	}
}

func TestNobodyDecidesWithTheFormOfAnother(t *testing.T) {
	w := open(t)
	anna, bela := w.citizen("KissAnna"), w.citizen("NagyBela")
	b := w.asked(w.Browser(t), anna, askTown).At(decidePath)
	form, page := hidden(t, b, "for"), b.URL.String()
	b.Post("/signout").See(http.StatusOK)
	w.asked(b, bela, askTown).At(decidePath).See(http.StatusOK, "NagyBela@posta.example")
	b.Post(page, "for", form, "decide", "ticked", "allow_email", "yes").At(decidePath).See(http.StatusOK, "NagyBela@posta.example")
	for _, person := range []string{anna.PersonID, bela.PersonID} {
		if d := w.decision(person); len(d.Allows) > 0 {
			t.Errorf("%s: %+v", person, d)
		}
	}
}
