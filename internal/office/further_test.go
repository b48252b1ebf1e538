package office

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/law"
	desk "kapu/internal/registration/office"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// laid is what the owner of an account has laid down.
func (s *stand) laid(person string) (d authn.Disposition) {
	s.t.Helper()
	s.view(func(tx *store.Tx) (err error) {
		d, err = tx.Disposition(person)
		return err
	})
	return d
}

// Whatever can be laid down on line can be laid down and taken back at a desk,
// piece by piece (R23).
func TestTheDeskLaysDownSingleMethods(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		anna := s.people.In(population.Ordinary)[0]
		a := s.account(anna, "KovacsAnna", officeID)
		base := s.proved(a, anna)
		for _, c := range []struct {
			act  desk.Act
			form url.Values
			want func(authn.Disposition) bool
		}{
			{desk.SetMethod, url.Values{"method": {"mailcode"}, "where": {"nowhere"}}, func(d authn.Disposition) bool {
				return len(d.Forbidden) == 1 && d.Forbidden[0] == law.MailCode
			}},
			{desk.SetMethod, url.Values{"method": {"passkey"}, "where": {"some"}, "box-tax": {"yes"}}, func(d authn.Disposition) bool { return len(d.Kinds[law.Passkey]) == 1 }},
			{desk.SetLeast, url.Values{"level": {"3"}}, func(d authn.Disposition) bool { return d.Least == law.High }},
			{desk.SetLock, url.Values{"lock": {"lock"}}, func(d authn.Disposition) bool { return d.Locked }},
			{desk.SetLock, url.Values{"lock": {"unlock"}}, func(d authn.Disposition) bool { return !d.Locked }},
			{desk.SetLeast, url.Values{"level": {"0"}}, func(d authn.Disposition) bool { return d.Least == law.NoLevel }},
			{desk.SetMethod, url.Values{"method": {"passkey"}, "where": {"everywhere"}}, func(d authn.Disposition) bool { return len(d.Kinds) == 0 }},
			{desk.SetMethod, url.Values{"method": {"mailcode"}, "where": {"everywhere"}}, func(d authn.Disposition) bool { return d.Free() }},
		} {
			s.done(base, c.act, c.form)
			if d := s.laid(a.PersonID); !c.want(d) {
				t.Errorf("%s %v: %+v", c.act, c.form, d)
			}
		}
		s.sees(s.act(base, desk.SetLock, url.Values{"lock": {"unlock"}}), http.StatusUnprocessableEntity, "Most is így van")
		s.sees(s.act(base, desk.SetMethod, url.Values{"method": {"passkey"}, "where": {"some"}}), http.StatusUnprocessableEntity, "milyen szolgáltatásoknál")
		s.sees(s.get(base), http.StatusOK, "A rendelkezés érvényes")
	})
}

// A mandate at a desk takes both people with their documents; its end takes one.
func TestTheDeskRecordsAMandate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		people := s.people.In(population.Ordinary)
		a, b := s.account(people[0], "KovacsAnna", officeID), s.account(people[1], "TothGabor", officeID)
		base := s.proved(a, people[0])
		s.sees(s.get(base+"/acts/mandate"), http.StatusOK, "előbb a meghatalmazottat is fogadja")
		other := s.proved(b, people[1])
		wish := url.Values{"other": {b.ID}, "box-tax": {"yes"}, "months": {"1"}}
		s.sees(s.act(base, desk.GiveMandate, url.Values{"other": {b.ID}, "months": {"1"}}), http.StatusUnprocessableEntity, "Válasszon legalább egy szolgáltatást")
		s.done(base, desk.GiveMandate, wish)
		held := func() (m store.Mandate) {
			s.view(func(tx *store.Tx) error {
				all, err := tx.MandatesFor(b.PersonID, "tax")
				if len(all) == 1 {
					m = all[0]
				}
				return err
			})
			return m
		}
		m := held()
		if m.Principal != a.PersonID || m.Office != officeID {
			t.Fatalf("%+v", m)
		}
		s.sees(s.get(base), http.StatusOK, "Tóth Gábor eljárhat")
		s.done(other, desk.EndMandate, url.Values{"mandate": {m.ID}})
		if held().ID != "" {
			t.Error("it is over")
		}
		s.sees(s.get(other+"/acts/mandate-end"), http.StatusOK, "nincs mit")
	})
}

// view reads.
func (s *stand) view(f func(tx *store.Tx) error) {
	s.t.Helper()
	if err := s.db.View(context.Background(), f); err != nil {
		s.t.Fatal(err)
	}
}

// taxOffice is a catalogue with one service that takes mandates.
func taxOffice() *catalogue.Catalogue {
	c, err := catalogue.New([]*catalogue.Service{{ID: "tax", Name: map[string]string{"hu": "Adóhivatal"}, URL: "https://tax.example/", Level: "substantial", Mandates: true,
		OIDC: &catalogue.OIDC{ClientID: "tax", RedirectURIs: []string{"https://tax.example/return"}}}})
	if err != nil {
		panic(err)
	}
	return c
}
