package app_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kapu/internal/app"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/statute"
	"kapu/internal/store"
)

// standing opens a gateway with one account, and returns both.
func standing(t *testing.T, a identity.Account) (*app.App, identity.Account) {
	t.Helper()
	_, c := earnest(t)
	parts, err := app.Earnest(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	g, err := app.Open(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	err = g.DB.Update(t.Context(), func(tx *store.Tx) (err error) {
		if a.PersonID, err = tx.SavePerson("ref", identity.Person{}); err == nil {
			a, err = tx.AddAccount(a)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return g, a
}

func TestAnOperatorsLookIsInTheOwnersHistory(t *testing.T) {
	g, a := standing(t, identity.Account{State: identity.Active, Username: "KisAnna", Email: "anna@example.hu", Lang: "hu", ValidUntil: time.Now().AddDate(5, 0, 0)})
	if _, err := g.Life(t.Context(), "KisAnna", "kapu law explain"); err != nil {
		t.Fatal(err)
	}
	if err := g.DB.View(t.Context(), func(tx *store.Tx) error {
		history, err := g.Ledger.History(tx, a.PersonID, "", 10)
		if len(history) != 1 || history[0].Event != (ledger.LookedUp{Reason: "other", Words: "kapu law explain", Account: a.ID}) {
			t.Errorf("the history says %+v", history)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestALifeIsWholeWithWhatWaitsAndWhatMovedItsEnd(t *testing.T) {
	g, a := standing(t, identity.Account{State: identity.Active, Username: "KisAnna", Email: "anna@example.hu", Lang: "hu", ValidUntil: time.Now().AddDate(5, 0, 0)})
	err := g.DB.Update(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.PutAct(store.PendingAct{Account: a.ID, Kind: "delete", Due: tx.Now.Add(72 * time.Hour)}); err != nil {
			return err
		}
		for _, e := range []ledger.Event{
			ledger.AccountFinalised{Account: a.ID}, ledger.AccountExtended{By: "citizen", Account: a.ID}, ledger.AccountExtended{By: "citizen", Account: "another"},
		} {
			if _, err := g.Ledger.Append(tx, a.PersonID, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	life, err := g.Life(t.Context(), "KisAnna", "test")
	if err != nil || len(life.Acts) != 1 || life.Extended.IsZero() || life.Finalised.IsZero() {
		t.Fatalf("%+v, %v", life, err)
	}
	var b strings.Builder
	if err := statute.Words(&b, statute.Explain(g.Law, life, g.Now()), g.Law.Overrides()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"given more time", "made final at a desk", "will be carried out, unless it is stopped"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("does not say %q:\n%s", want, b.String())
		}
	}
}

func TestNobodyOfThatName(t *testing.T) {
	g, _ := standing(t, identity.Account{State: identity.Active, Username: "KisAnna", Email: "anna@example.hu", Lang: "hu"})
	for name, want := range map[string]error{"NagyBela": app.ErrNobody, "kisanna": app.ErrNameRests, "Kis Anna 1": app.ErrNobody} {
		if _, err := g.Life(t.Context(), name, "test"); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARehearsalTouchesNothing(t *testing.T) {
	g, a := standing(t, identity.Account{State: identity.Active, Username: "KisAnna", Email: "anna@example.hu", Lang: "hu", ValidUntil: time.Now().AddDate(5, 0, 0)})
	after, err := g.Law.With(law.Row{Rule: "account.longest-life", Value: "1 years"})
	if err != nil {
		t.Fatal(err)
	}
	effects, err := g.Rehearse(t.Context(), g.Now(), after)
	if err != nil || len(effects) != 1 || effects[0].Accounts != 1 {
		t.Fatalf("%+v, %v", effects, err)
	}
	if err := g.DB.View(t.Context(), func(tx *store.Tx) error {
		kept, err := tx.Account(a.ID)
		if !kept.ValidUntil.Equal(a.ValidUntil.Truncate(time.Millisecond)) {
			t.Errorf("the end moved to %s", kept.ValidUntil)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestEveryStartSaysWhereTheLawIsOverridden(t *testing.T) {
	_, c := earnest(t)
	var log strings.Builder
	parts, err := app.Earnest(c, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	g, err := app.New(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if !strings.Contains(log.String(), "rule=activation.period") || !strings.Contains(log.String(), `value="3 days"`) {
		t.Errorf("the log says %s", log.String())
	}
	err = g.DB.View(t.Context(), func(tx *store.Tx) error {
		entries, err := g.Ledger.History(tx, "", "", 10)
		for _, e := range entries {
			if e.Event == (ledger.LawOverridden{Rule: "activation.period", Value: "3 days", From: "2026-01-01", Source: "a decree"}) {
				return err
			}
		}
		t.Errorf("the ledger says %+v", entries)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
