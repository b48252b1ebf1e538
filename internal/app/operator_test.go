package app_test

import (
	"log/slog"
	"testing"

	"kapu/internal/app"
	"kapu/internal/identity"
	"kapu/internal/registration"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
)

func TestTheFirstClerkIsInvitedAgainstTheRegister(t *testing.T) {
	_, c := earnest(t)
	parts, err := app.Earnest(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	people := population.New(population.Options{Now: parts.Now})
	parts.Population = people
	a, err := app.Open(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	entry := people.In(population.Ordinary)[0]
	statement := entry.Statement()
	stated := registration.Stated{CurrentName: statement.CurrentName, Core: statement.Core, Address: statement.Address,
		Nationality: entry.Person.Nationality, Document: statement.Document}
	invite := func(s registration.Stated) error {
		return a.InviteClerk(t.Context(), "varos", s, "ElsoUgyintezo", "elso@varos.example")
	}
	if err := invite(stated); err == nil {
		t.Fatal("invited to an office that is not there")
	}
	office := identity.Office{ID: "varos", Kind: identity.Municipality, Name: "Város", Address: "Fő tér 1."}
	if err := a.DB.Update(t.Context(), func(tx *store.Tx) error { return tx.PutOffice(office) }); err != nil {
		t.Fatal(err)
	}
	wrong := stated
	wrong.BirthPlace = "Sehonna"
	if err := invite(wrong); err == nil {
		t.Fatal("invited though the register does not agree")
	}
	if err := invite(stated); err != nil {
		t.Fatal(err)
	}
	if err := a.DB.View(t.Context(), func(tx *store.Tx) error {
		account, err := tx.AccountByUsername("ElsoUgyintezo")
		if err != nil {
			return err
		}
		clerk, err := tx.Clerk(account.ID)
		if account.State != identity.Pending || clerk.Office.ID != "varos" {
			t.Errorf("account %+v, clerk %+v", account.State, clerk)
		}
		if waiting, _, err := tx.CountMessages(); err != nil || waiting != 1 {
			t.Errorf("%d messages wait, %v: the clerk needs a code", waiting, err)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAProvisionalOwnerIsNotAppointed(t *testing.T) {
	_, c := earnest(t)
	parts, err := app.Earnest(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	people := population.New(population.Options{Now: parts.Now})
	parts.Population = people
	a, err := app.Open(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.DB.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutOffice(identity.Office{ID: "varos", Kind: identity.Municipality, Name: "Város", Address: "Fő tér 1."}); err != nil {
			return err
		}
		person, err := tx.AddProvisionalPerson(people.In(population.Ordinary)[0].Person)
		if err != nil {
			return err
		}
		_, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: "KisAnna", Email: "kis@posta.example",
			Lang: "hu", Provisional: true, ValidUntil: tx.Now.AddDate(0, 0, 30)})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.AppointClerk(t.Context(), "KisAnna", "varos"); err == nil {
		t.Error("somebody whom nobody has checked is a clerk")
	}
}
