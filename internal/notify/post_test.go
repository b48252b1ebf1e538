package notify

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func post(t *testing.T, db *store.DB, to Recipient, m Message) {
	t.Helper()
	if err := db.Update(context.Background(), func(tx *store.Tx) error { return Post(tx, to, m) }); err != nil {
		t.Fatal(err)
	}
}

func claim(t *testing.T, db *store.DB) (all []store.Message) {
	t.Helper()
	err := db.Update(context.Background(), func(tx *store.Tx) (err error) {
		all, err = tx.ClaimMessages(100, time.Minute)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPostGoesToEveryAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		for _, c := range []struct {
			to   Recipient
			m    Message
			want map[string]string
		}{
			{Recipient{Email: "anna@Example.hu", Phone: "+36301234567"}, PasswordChanged{At: at}, map[string]string{Mail: "anna@example.hu", SMS: "+36301234567"}},
			{Recipient{Email: "anna@example.hu", Phone: "+36301234567"}, ActivationCode{Code: code, Until: until}, map[string]string{Mail: "anna@example.hu"}},
			{Recipient{Phone: "+36301234567", Lang: "en"}, PasswordChanged{At: at}, map[string]string{SMS: "+36301234567"}},
		} {
			post(t, db, c.to, c.m)
			got := map[string]string{}
			for _, m := range claim(t, db) {
				got[m.Medium] = m.Recipient
				if m.Lang != known(c.to.Lang) {
					t.Errorf("language %q of %q", m.Lang, c.to.Lang)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		}
	})
}

func TestNoCommitNoMessage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		change := errors.New("changed our mind")
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			if err := Post(tx, Recipient{Email: "anna@example.hu"}, every[0]); err != nil {
				return err
			}
			return change
		})
		if !errors.Is(err, change) {
			t.Fatal(err)
		}
		if got := claim(t, db); len(got) != 0 {
			t.Errorf("%d messages are left of a transaction that failed", len(got))
		}
	})
}

// Whoever waits for a code must not wait until everybody has been reminded.
func TestManyLettersWaitForTheOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		to := func(name string) Recipient { return Recipient{Email: name + "@example.hu"} }
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			var many []Letter
			for range 61 {
				many = append(many, Letter{to("many"), AccountExpired{Until: tx.Now}})
			}
			return PostMany(tx, many)
		})
		if err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Second)
		if err := db.Update(context.Background(), func(tx *store.Tx) error { return Post(tx, to("anna"), every[0]) }); err != nil {
			t.Fatal(err)
		}
		var claimed []store.Message
		err = db.Update(context.Background(), func(tx *store.Tx) (err error) {
			if waiting, _, err := tx.CountMessages(); err != nil || waiting != 62 {
				t.Errorf("%d wait, %v", waiting, err)
			}
			claimed, err = tx.ClaimMessages(3, time.Minute)
			return err
		})
		if err != nil || len(claimed) != 3 || claimed[0].Recipient != "anna@example.hu" || claimed[1].Recipient != "many@example.hu" {
			t.Errorf("%d claimed, %v", len(claimed), err)
		}
		if rest := claim(t, db); len(rest) != 59 {
			t.Errorf("%d are left", len(rest))
		}
	})
}

func TestPostRefuses(t *testing.T) {
	db, _ := storetest.SQLite(t)
	var invalid *identity.Invalid
	anna := Recipient{Email: "anna@example.hu"}
	for name, c := range map[string]struct {
		to Recipient
		m  Message
		is func(error) bool
	}{
		"nobody":          {Recipient{}, every[0], func(err error) bool { return errors.Is(err, ErrUnreachable) }},
		"no short text":   {Recipient{Phone: "+36301234567"}, every[0], func(err error) bool { return errors.Is(err, ErrUnreachable) }},
		"national number": {Recipient{Phone: "06301234567"}, PasswordChanged{}, func(err error) bool { return errors.Is(err, ErrPhone) }},
		"second header":   {Recipient{Email: "anna@example.hu\r\nBcc: x@example.hu"}, every[0], func(err error) bool { return errors.As(err, &invalid) }},
		"two addresses":   {Recipient{Email: "anna@example.hu,x@example.hu"}, every[0], func(err error) bool { return errors.As(err, &invalid) }},
		"code of words":   {anna, ActivationCode{Code: "call 06301234567"}, func(err error) bool { return errors.Is(err, errCode) }},
		"script":          {anna, PasswordChanged{Link: "javascript:alert(1)"}, func(err error) bool { return errors.Is(err, errLink) }},
		"two lines":       {anna, PasswordChanged{Link: "https://a.example/\nhttps://b.example/"}, func(err error) bool { return errors.Is(err, errLink) }},
		"no username":     {anna, UsernameReminder{Usernames: []string{"call 06301234567"}}, func(err error) bool { return errors.Is(err, errNames) }},
		"two lines of it": {anna, UsernameReminder{Usernames: []string{"KisAnna\nNagyAnna"}}, func(err error) bool { return errors.Is(err, errNames) }},
		"too many names":  {anna, UsernameReminder{Usernames: slices.Repeat([]string{"KisAnna"}, MostUsernames+1)}, func(err error) bool { return errors.Is(err, errNames) }},
		"no host":         {anna, PasswordChanged{Link: "https:///x"}, func(err error) bool { return errors.Is(err, errLink) }},
	} {
		t.Run(name, func(t *testing.T) {
			err := db.Update(context.Background(), func(tx *store.Tx) error { return Post(tx, c.to, c.m) })
			if !c.is(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}
