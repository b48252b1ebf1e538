package password_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/method/password"
	"kapu/internal/method/roomtest"
	"kapu/internal/registration"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

const first = "k7m4x-9rtph-2wnca"

// issued is somebody whom an office has handed an account with a first password.
func issued(t *testing.T, g *roomtest.Gateway, username string) roomtest.Citizen {
	t.Helper()
	c := g.Pending(t, username)
	g.Letters(t)
	record, err := g.Hasher.Hash(context.Background(), registration.CanonicalFirst(first))
	if err != nil {
		t.Fatal(err)
	}
	update(t, g, func(tx *store.Tx) error {
		if _, err := g.Codes.Await(tx, c.Account); err != nil {
			return err
		}
		return tx.PutCredential(store.Credential{Account: c.ID, Kind: password.Kind, Secret: record, Initial: true})
	})
	return c
}

func TestTheFirstPasswordIsReplacedAtTheFirstSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna := issued(t, g, "bedofamuna")
		b := atPassword(t, g).Submit("username", "bedofamuna", "password", "K7M4X 9RTPH 2WNCA")
		b.At("/signin/password").See(http.StatusOK, "Válasszon saját jelszót")
		b.Submit("new", "").See(http.StatusUnprocessableEntity, "Írja be az új jelszót")
		b.Submit("new", "rövid").See(http.StatusUnprocessableEntity, "legalább 12 karakter")
		b.Submit("new", "k7m4x 9rtph 2wnca").See(http.StatusUnprocessableEntity, "amelyet a hivatal is látott")
		b.Submit("new", next).At("/signin/enrol/totp")

		events := g.Events(t, anna.PersonID)
		if !slices.Contains(events, "account.activated") || !slices.Contains(events, "password.set") {
			t.Errorf("ledger: %v", events)
		}
		if l := g.Letter(t, "password-changed"); l.To != string(anna.Email) {
			t.Errorf("told %s", l.To)
		}
		update(t, g, func(tx *store.Tx) error {
			a, err := tx.Account(anna.ID)
			c, _ := tx.Credential(anna.ID, password.Kind)
			if a.State != identity.Active || c.Initial {
				t.Errorf("%s, initial %t", a.State, c.Initial)
			}
			if _, err := tx.Code(anna.ID, registration.ActivationPurpose); err == nil {
				t.Error("it would still lapse")
			}
			return err
		})
		atPassword(t, g).Submit("username", "bedofamuna", "password", first).See(http.StatusUnprocessableEntity, "nem megfelelő")
		atPassword(t, g).Submit("username", "bedofamuna", "password", next).At("/signin/enrol/totp")
	})
}

func TestTheFirstPasswordAloneOpensNothing(t *testing.T) {
	g := open(t)
	issued(t, g, "bedofamuna")
	b := atPassword(t, g).Submit("username", "bedofamuna", "password", first).See(http.StatusOK, "Válasszon saját jelszót")
	b.Visit("/account").At("/signin/choose")
	b.Visit("/service").At("/signin/choose")
}

func TestAWrongFirstPasswordIsOneLikeAny(t *testing.T) {
	g := open(t)
	issued(t, g, "bedofamuna")
	var answers []string
	for _, name := range []string{"bedofamuna", "nincsilyen"} {
		b := atPassword(t, g)
		before := g.Hasher.Calls()
		b.Submit("username", name, "password", "k7m4x-9rtph-2wncb").See(http.StatusUnprocessableEntity, "nem megfelelő")
		if hashes := g.Hasher.Calls() - before; hashes != 1 {
			t.Errorf("%s: %d hashes", name, hashes)
		}
		answers = append(answers, strings.ReplaceAll(incidental.ReplaceAllString(b.Body, ""), name, ""))
	}
	if answers[0] != answers[1] {
		t.Error("the answer tells who was handed an account")
	}
	b := atPassword(t, g)
	for range 5 {
		b.Submit("username", "bedofamuna", "password", "nem ez az")
	}
	b.Submit("username", "bedofamuna", "password", first).See(http.StatusTooManyRequests)
}

func TestAfterTheDeadlineTheFirstPasswordIsWrong(t *testing.T) {
	g := open(t)
	issued(t, g, "bedofamuna")
	chosen := atPassword(t, g).Submit("username", "bedofamuna", "password", first).See(http.StatusOK, "Válasszon saját jelszót")
	g.Clock.Advance(law.Default().ActivationPeriod(g.Clock.Now()))
	atPassword(t, g).Submit("username", "bedofamuna", "password", first).See(http.StatusUnprocessableEntity, "nem megfelelő")
	chosen.Submit("new", next).See(http.StatusGone)
	if err := g.Activation.Lapse(context.Background()); err != nil {
		t.Fatal(err)
	}
	update(t, g, func(tx *store.Tx) error {
		if _, err := tx.AccountByUsername("bedofamuna"); err != store.ErrNotFound {
			t.Errorf("it did not lapse: %v", err)
		}
		return nil
	})
}

func TestTheSecondTabOfAFirstSignInIsTold(t *testing.T) {
	g := open(t)
	issued(t, g, "bedofamuna")
	b := atPassword(t, g).Submit("username", "bedofamuna", "password", first)
	twin := b.Twin()
	b.Submit("new", next).At("/signin/enrol/totp")
	twin.Submit("new", "tíz tarka tyúk totyog").See(http.StatusGone, "Az első jelszó már nem használható")
	g.Clock.Advance(time.Second)
	twin.Submit("username", "bedofamuna", "password", next).At("/signin/enrol/totp")
}

// A code that the desk mails when the page was lost takes the place of the first
// password; the account is activated by it as any other.
func TestTheFirstPasswordIsNoMailedCode(t *testing.T) {
	g := open(t)
	issued(t, g, "bedofamuna")
	b := g.Browser(t).Visit("/activate")
	for _, code := range []string{"00000000", "12345678"} {
		b.Submit("username", "bedofamuna", "code", code).See(http.StatusUnprocessableEntity)
	}
}
