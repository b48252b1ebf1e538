package office

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// hashing stands for the password room's hash.
func hashing(c *desk.Config) {
	c.Hash = func(_ context.Context, password string) (string, error) { return "hash of " + password, nil }
}

var (
	shownFirst  = regexp.MustCompile(`id="first">([^<]+)<`)
	shownSealed = regexp.MustCompile(`name="sealed" value="([^"]+)"`)
)

func issuedChoice(version, email string) url.Values {
	v := choice(version, "", email)
	v.Set("way", "issued")
	return v
}

func TestTheOfficeHandsAnAccountOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock, hashing)
		base := s.checked(s.people.In(population.Ordinary)[0])
		form := s.get(base + "/account")
		s.sees(s.post(base+"/account", issuedChoice(s.shown(form), "")), http.StatusUnprocessableEntity, "e-mail")
		s.follow(base+"/account", issuedChoice(s.shown(form), "anna@example.hu"))
		sign := s.get(base)
		s.sees(sign, http.StatusOK, "A felhasználónevet a rendszer adta")
		finish := url.Values{"version": {s.shown(sign)}, "signed": {"yes"}}
		w := s.post(base+"/finish", finish)
		s.sees(w, http.StatusOK, "Az első jelszó csak most látható", "2026. március 7. 10.00")
		first, sealed := shownFirst.FindStringSubmatch(w.Body.String()), shownSealed.FindStringSubmatch(w.Body.String())
		if first == nil || sealed == nil || w.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("shown: %v, %v", first, sealed)
		}
		s.checkIssued(t, base, first[1])

		if to := s.follow(base+"/finish", finish); to != base {
			t.Errorf("a second submit leads to %s", to)
		}
		page := s.get(base)
		s.sees(page, http.StatusOK, "lezárt lapon megkapta")
		if strings.Contains(page.Body.String(), first[1]) {
			t.Error("the first password is shown twice")
		}
		s.checkSealedPage(t, base, html.UnescapeString(sealed[1]), first[1])
		if letters := s.letters(); len(letters) != 0 {
			t.Errorf("letters: %+v", letters)
		}
	})
}

// checkIssued looks at what is kept: nothing that shows the password.
func (s *stand) checkIssued(t *testing.T, base, first string) {
	t.Helper()
	s.update(func(tx *store.Tx) error {
		stored, err := tx.Case(strings.TrimPrefix(base, "/office/registrations/"))
		if err != nil {
			return err
		}
		a, err := tx.Account(stored.Account)
		if err != nil {
			return err
		}
		c, err := tx.Credential(a.ID, "password")
		if !c.Initial || c.Secret != "hash of "+registration.CanonicalFirst(first) || a.State != identity.Pending || len(a.Username) != 10 {
			t.Errorf("%+v, initial %t", a, c.Initial)
		}
		if strings.Contains(string(stored.Data), first) {
			t.Error("the case holds the first password")
		}
		code, _ := tx.Code(a.ID, registration.ActivationPurpose)
		if !code.Expires.Equal(tx.Now.Add(s.desk.Law.ActivationPeriod(tx.Now))) {
			t.Errorf("it lapses at %s", code.Expires)
		}
		return err
	})
}

func (s *stand) checkSealedPage(t *testing.T, base, sealed, first string) {
	t.Helper()
	w := s.post(base+"/first.pdf", url.Values{"sealed": {sealed}})
	if w.Code != http.StatusOK || !strings.Contains(text(t, w.Body.Bytes()), first) {
		t.Errorf("the sealed page: %d", w.Code)
	}
	other := s.checked(s.people.In(population.Ordinary)[1])
	s.sees(s.post(other+"/first.pdf", url.Values{"sealed": {sealed}}), http.StatusGone, "Az első jelszó már nem nyomtatható")
	s.sees(s.post(base+"/first.pdf", url.Values{"sealed": {"x"}}), http.StatusGone)
	s.clock.Advance(s.desk.Law.TransactionLife(s.clock.Now()) + time.Second)
	s.sees(s.post(base+"/first.pdf", url.Values{"sealed": {sealed}}), http.StatusGone)
}

func TestAMailedCodeTakesThePlaceOfALostFirstPassword(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock, hashing)
	base := s.checked(s.people.In(population.Ordinary)[0])
	s.follow(base+"/account", issuedChoice(s.shown(s.get(base+"/account")), "anna@example.hu"))
	s.post(base+"/finish", url.Values{"version": {s.shown(s.get(base))}, "signed": {"yes"}})
	var account string
	s.update(func(tx *store.Tx) error {
		stored, err := tx.Case(strings.TrimPrefix(base, "/office/registrations/"))
		account = stored.Account
		return err
	})
	if _, err := s.desk.Resend(t.Context(), s.clerk, account); err != nil {
		t.Fatal(err)
	}
	s.update(func(tx *store.Tx) error {
		if _, err := tx.Credential(account, "password"); err != store.ErrNotFound {
			t.Errorf("the lost one still opens it: %v", err)
		}
		return nil
	})
	if l := s.letters(); len(l) != 1 || l[0].Template != "code-resent" {
		t.Errorf("letters: %+v", l)
	}
}
