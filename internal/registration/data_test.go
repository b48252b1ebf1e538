package registration

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/register"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func contents() Contents {
	day := identity.Date{Year: 1997, Month: time.January, Day: 1}
	s := Stated{CurrentName: identity.Name{Family: "Ő", Given: "Ida"}, Nationality: "HU",
		Core:     identity.Core{BirthName: identity.Name{Family: "Űrhegyi", Given: "Ödön"}, BirthPlace: "Győr", BirthDate: day},
		Document: identity.Document{Kind: identity.Passport, Number: "BA1234567", Issued: day}}
	v := register.Verdict{Trace: "T", Person: register.Alive, Document: register.DocumentValid, Reference: "r", Record: &identity.Person{Nationality: "HU", Core: s.Core}}
	for _, f := range register.Fields() {
		v.Findings = append(v.Findings, register.Finding{Field: f, Result: register.Match})
	}
	return Contents{Stated: s, Answer: &Answer{At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Verdict: v},
		Choice: &Choice{Username: "ŰrhegyiÖdön", Email: "o@example.hu", Lang: "hu", Years: 5}}
}

func TestACaseIsReadAsItWasSaved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			c := Case{Contents: contents()}
			c.Channel, c.Office, c.State = "office", "kisfalud", string(Declaration)
			saved, err := c.Add(tx)
			if err != nil {
				return err
			}
			read := open(t, tx, saved.ID)
			if diff := cmp.Diff(c.Contents, read.Contents); diff != "" {
				t.Error(diff)
			}
			if _, err := read.Save(tx); err != nil {
				return err
			}
			if _, err := read.Save(tx); err != store.ErrStale {
				t.Errorf("a second save of the same version: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAWithdrawnCaseHoldsNothing(t *testing.T) {
	db, _ := storetest.SQLite(t)
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		c := Case{Contents: contents()}
		c.Office, c.State = "kisfalud", string(Checked)
		c, err := c.Add(tx)
		if err != nil {
			return err
		}
		if err := c.Step(Withdrew); err != nil {
			return err
		}
		if _, err := c.Save(tx); err != nil {
			return err
		}
		if read := open(t, tx, c.ID); len(read.Data) != 0 || read.Answer != nil {
			t.Errorf("it holds %s", read.Data)
		}
		found, err := tx.FindCases(store.CaseSearch{Office: "kisfalud", Name: contents().Stated.BirthName, Limit: 1})
		if len(found) != 0 {
			t.Error("it is found by the name")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, tx *store.Tx, id string) Case {
	t.Helper()
	stored, err := tx.Case(id)
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCase(stored)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestContentsThatCannotBeReadAreNotQuoted(t *testing.T) {
	_, err := OpenCase(store.Case{ID: "1", Data: []byte(`{"stated":{"birth_date":"Kovács"}}`)})
	if err == nil || strings.Contains(err.Error(), "Kovács") {
		t.Errorf("%v", err)
	}
}

func TestAgreementNeedsTheNationalityToo(t *testing.T) {
	c := contents()
	if !c.Answer.Agrees(c.Stated) {
		t.Error("full agreement does not agree")
	}
	c.Stated.Nationality = "DE"
	if c.Answer.Agrees(c.Stated) || !cmp.Equal(c.Answer.Differing(c.Stated), []string{"nationality"}) {
		t.Error("another nationality agrees")
	}
	c.Answer.Verdict.Record = nil
	if c.Answer.Agrees(c.Stated) {
		t.Error("agreement without a record")
	}
}

func TestRandomDigitsKeepTheirLength(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		code, err := RandomDigits(8)
		if err != nil || len(code) != 8 || strings.Trim(code, "0123456789") != "" || seen[code] {
			t.Fatalf("%q, %v", code, err)
		}
		seen[code] = true
	}
	short := 0
	for range 500 {
		if code, _ := RandomDigits(2); code[0] == '0' && len(code) == 2 {
			short++
		}
	}
	if short == 0 {
		t.Error("no code ever begins with a zero")
	}
}
