package consent_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/register"
	"kapu/internal/store"
)

const identifyPath = "/signin/identify"

func typed(n identity.TaxNumber) string {
	return string(n[:4]) + " " + string(n[4:7]) + "-" + string(n[7:])
}

func TestANumberIsConfirmedByTheRegister(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, askTax).At(identifyPath).See(http.StatusOK, "Adja meg az adóazonosító jelét", "adókártyáján")
	if strings.Contains(b.Body, string(taxNumber)) {
		t.Error("the page gives the number away")
	}
	states(t, b, typed(taxNumber)).See(http.StatusOK, `error ""`)
	if len(w.register.asked) != 1 || w.register.asked[0] != "ref-KissAnna" {
		t.Errorf("the register was asked %q", w.register.asked)
	}
	w.asked(b, anna, askTax).See(http.StatusOK, `error ""`) // once a session
	w.asked(b, anna, taxSilent).See(http.StatusOK, `error ""`)
	if n := w.count(anna.PersonID, "identifier.stated"); n != 1 {
		t.Errorf("%d statements in the ledger", n)
	}
	if n := w.count(anna.PersonID, "person.updated"); n != 0 {
		t.Error("nothing changed, and yet it was recorded")
	}
	w.asked(w.Browser(t), anna, askTax).At(identifyPath) // another session states it anew
}

func TestWhatCannotBeANumberCostsNoAttempt(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, askTax).At(identifyPath)
	swapped := []byte(taxNumber)
	swapped[9] = '0' + (swapped[9]-'0'+1)%10
	for number, says := range map[string]string{
		"":                           "Írja be az adóazonosító jelét.",
		"123":                        "tíz számjegyből áll",
		"<script>":                   "tíz számjegyből áll",
		"7" + string(taxNumber[1:]):  "8-assal kezdődik",
		string(swapped):              "egy számjegy elírtnak látszik",
		strings.Repeat("8", 10_000):  "",
		string(taxNumber) + "\u202e": "",
	} {
		states(t, b, number).At(identifyPath).See(http.StatusUnprocessableEntity, says)
		if len(number) < 20 && number != "" && !strings.Contains(b.Body, `value="`+number+`"`) {
			t.Errorf("what was typed is gone: %q", number)
		}
	}
	if len(w.register.asked) != 0 {
		t.Error("the register was asked for nothing")
	}
	states(t, b, string(taxNumber)).See(http.StatusOK, `error ""`)
}

func TestGuessesAreSlowed(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, askTax).At(identifyPath)
	for range 5 {
		states(t, b, string(another)).At(identifyPath).See(http.StatusUnprocessableEntity, "nem ez a szám szerepel", string(another))
		if strings.Contains(b.URL.String(), string(another)) {
			t.Fatal("the number stands in the address")
		}
	}
	asked := len(w.register.asked)
	states(t, b, string(taxNumber)).See(http.StatusTooManyRequests, "várni kell") // right, but too soon
	if b.Header.Get("Retry-After") == "" || len(w.register.asked) != asked {
		t.Error("a delayed attempt was looked at")
	}
	if n := w.count(anna.PersonID, "signin.throttled"); n != 1 {
		t.Errorf("the history says %d times that wrong numbers are stated", n)
	}
	w.Clock.Advance(time.Minute)
	states(t, b, string(taxNumber)).See(http.StatusOK, `error ""`)
}

func TestWhenTheRegisterCannotConfirm(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*registry)
		status int
		says   string
	}{
		"down":       {func(r *registry) { r.err = register.ErrUnavailable }, http.StatusServiceUnavailable, "A nyilvántartás most nem válaszol"},
		"strange":    {func(r *registry) { r.err = register.ErrProtocol }, http.StatusServiceUnavailable, "A nyilvántartás most nem válaszol"},
		"unknown":    {func(r *registry) { r.err = register.ErrUnknown }, http.StatusForbidden, "nem igazolja az adatait"},
		"dead":       {func(r *registry) { r.record.Status = register.Deceased }, http.StatusForbidden, "nem igazolja az adatait"},
		"no number":  {func(r *registry) { r.record.Person.TaxNumber = "" }, http.StatusForbidden, "A nyilvántartásban nincs adóazonosító jele"},
		"no records": {func(r *registry) { r.record = register.Record{} }, http.StatusForbidden, "nem igazolja"},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t)
			anna := w.citizen("KissAnna")
			b := w.asked(w.Browser(t), anna, askTax).At(identifyPath)
			was := *w.register
			test.change(w.register)
			for range 7 { // none of them counts as a guess
				b.Visit(b.URL.String()).See(http.StatusOK, "Adja meg")
				states(t, b, string(taxNumber)).See(test.status, test.says)
			}
			if w.count(anna.PersonID, "identifier.stated") != 0 {
				t.Error("stated all the same")
			}
			*w.register = was
			b.Visit(b.URL.String())
			states(t, b, string(taxNumber)).See(http.StatusOK, `error ""`)
		})
	}
}

func TestTheRegistersNumberIsTakenOver(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	w.register.record.Person.TaxNumber, w.register.record.Person.TAJ = another, taj
	b := w.asked(w.Browser(t), anna, askBoth).At(identifyPath)
	first, twin := b.URL.String(), b.Twin()
	states(t, b, string(another)).At(identifyPath).See(http.StatusOK, "Adja meg a TAJ-számát")
	states(t, twin, string(another)).See(http.StatusOK, "Adja meg a TAJ-számát") // sent twice
	b.Visit(first).See(http.StatusOK, "Adja meg a TAJ-számát")
	states(t, b, "123 456 788").See(http.StatusOK, `error ""`)
	var p identity.Person
	w.check(w.DB.View(context.Background(), func(tx *store.Tx) (err error) {
		p, err = tx.Person(anna.PersonID)
		return err
	}))
	if p.TaxNumber != another || p.TAJ != taj || p.Address.Settlement != "Kisfalud" {
		t.Errorf("kept: %+v", p)
	}
	if w.count(anna.PersonID, "person.updated") != 1 || w.count(anna.PersonID, "identifier.stated") != 2 {
		t.Errorf("ledger: %v", w.Events(t, anna.PersonID))
	}
}

func TestTurningBackFromTheNumber(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, askTax).At(identifyPath)
	b.Follow("Vissza a szolgáltatáshoz").See(http.StatusOK, `error "denied"`)
	w.register.err = errors.Join(register.ErrUnavailable)
	w.asked(b, anna, askTax)
	states(t, b, string(taxNumber)).See(http.StatusServiceUnavailable).Follow("Vissza a szolgáltatáshoz").See(http.StatusOK, `error "denied"`)
}
