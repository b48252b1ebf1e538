package provisional

import (
	"context"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/identity"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
)

// Whatever order people do things in here, in however many tabs: each account is
// provisional, for the time that the law says, with a person of its own whom the
// register does not know; and no address becomes an account that was not proved.
func TestWhateverHappensItIsProvisional(t *testing.T) {
	w := open(t)
	acts := []string{"form", "form", "code", "code", "code", "password", "password", "cancel", "rest"}
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		tabs := []*roomtest.Browser{w.Browser(t)}
		tabs = append(tabs, tabs[0], tabs[0], w.Browser(t)) // mostly in one
		code := "00000000"
		names := []string{"Eso" + letters(run), "Ho" + letters(run) + "x"}
		for range rapid.IntRange(6, 20).Draw(r, "steps") {
			b := rapid.SampledFrom(tabs).Draw(r, "tab")
			switch rapid.SampledFrom(acts).Draw(r, "act") {
			case "form":
				name := rapid.SampledFrom(names).Draw(r, "name")
				b.Visit(dataPath)
				w.Clock.Advance(rapid.SampledFrom([]time.Duration{0, wait - time.Second, wait, wait, time.Minute}).Draw(r, "wait"))
				submit(b, agnes("username", name, "email", name+"@posta.example"))
			case "code":
				if all := w.Letters(t); len(all) > 0 {
					code = all[len(all)-1].Code
				}
				b.Post(CodePath, "code", code)
			case "password":
				b.Post(passwordPath, "username", names[1], "password", roomtest.Password)
			case "cancel":
				b.Post(cancelPath)
			case "rest":
				w.Clock.Advance(time.Duration(rapid.IntRange(1, 30).Draw(r, "hours")) * time.Hour)
			}
		}
		w.Clock.Advance(day)
		w.checkAll(r)
	})
	if accounts, _ := w.people(); accounts == 0 {
		t.Error("the walk never led to an account")
	}
}

// letters is a number in letters, for usernames have no digits.
func letters(n int) (s string) {
	for _, c := range strconv.Itoa(n) {
		s += string('a' + c - '0')
	}
	return s
}

func (w *world) checkAll(r *rapid.T) {
	err := w.DB.View(context.Background(), func(tx *store.Tx) error {
		all, err := tx.FindAccounts(store.AccountSearch{Limit: 1000})
		for _, a := range all {
			sound := a.Provisional && a.Channel == identity.ChannelProvisional && a.State == identity.Active && a.ValidUntil.Equal(a.Created.Add(30*day))
			own, err := tx.AccountsOf(a.PersonID)
			if err != nil || !sound || len(own) != 1 {
				r.Fatalf("%+v with %d accounts, %v", a, len(own), err)
			}
		}
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
}
