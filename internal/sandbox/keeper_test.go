package sandbox

import (
	"context"
	"strings"
	"testing"
	"time"

	"kapu/internal/store/storetest"
	"kapu/internal/volatile"
)

func newKeeper(t *testing.T, services ...string) (*Keeper, *storetest.Clock) {
	t.Helper()
	db, clock := storetest.SQLite(t)
	k := NewKeeper(volatile.NewSQL(db), storetest.Ring(t), clock.Now)
	k.Allow(services)
	return k, clock
}

func keep(t *testing.T, k *Keeper, service string, e Exchange) {
	t.Helper()
	if err := k.Keep(context.Background(), service, e); err != nil {
		t.Fatal(err)
	}
}

func last(t *testing.T, k *Keeper, service string) []Exchange {
	t.Helper()
	found, err := k.Last(context.Background(), service)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTheLastExchangesAreKeptForAWhile(t *testing.T) {
	k, clock := newKeeper(t, "tax", "town")
	for range Kept + 7 {
		keep(t, k, "tax", Exchange{What: "token"})
		clock.Advance(time.Second)
	}
	keep(t, k, "town", Exchange{What: "userinfo"})
	found := last(t, k, "tax")
	if len(found) != Kept || found[0].Number != Kept+7 || found[Kept-1].Number != 8 {
		t.Errorf("%d are kept, from %d", len(found), found[0].Number)
	}
	if town := last(t, k, "town"); len(town) != 1 || town[0].What != "userinfo" {
		t.Errorf("another service's: %+v", town)
	}
	clock.Advance(Life)
	if n := len(last(t, k, "tax")); n != 0 {
		t.Errorf("%d are kept after their time", n)
	}
}

func TestNothingIsKeptOfAServiceWithoutASandbox(t *testing.T) {
	k, _ := newKeeper(t, "tax")
	keep(t, k, "town", Exchange{What: "token"})
	if n := len(last(t, k, "town")); n != 0 || k.Allows("town") {
		t.Errorf("%d are kept", n)
	}
	if k.Allow(nil); k.On() || k.Allows("tax") {
		t.Error("it is on for nobody")
	}
	if (*Keeper)(nil).On() {
		t.Error("none is on")
	}
}

func TestAFloodOfExchangesIsBounded(t *testing.T) {
	k, clock := newKeeper(t, "tax")
	for range perMinute + 50 {
		keep(t, k, "tax", Exchange{What: "token"})
	}
	if newest := last(t, k, "tax")[0].Number; newest != perMinute {
		t.Errorf("%d were written within a minute", newest)
	}
	clock.Advance(time.Minute)
	huge := Exchange{What: "token", Fault: &Fault{Code: "invalid_request"}}
	for range 500 {
		huge.Sent = append(huge.Sent, Line{Name: strings.Repeat("n", 300), Text: strings.Repeat("x", maxText)})
	}
	keep(t, k, "tax", huge)
	if newest := last(t, k, "tax")[0]; newest.Number != perMinute+1 || len(newest.Sent) != 0 || newest.Fault == nil {
		t.Errorf("of a huge one %d lines are kept", len(newest.Sent))
	}
}

func TestACodeCountsOnceForOneService(t *testing.T) {
	k, clock := newKeeper(t, "tax", "town")
	ctx := context.Background()
	enter := func(service, code string) bool {
		ok, err := k.enter(ctx, service, code)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	code, err := k.Invite(ctx, "tax")
	if err != nil {
		t.Fatal(err)
	}
	if enter("town", code) || enter("tax", code[1:]) || enter("tax", "") {
		t.Error("it opens what it should not")
	}
	if typed := " " + strings.ToLower(code[:5]) + "-" + code[5:]; !enter("tax", typed) {
		t.Error("it does not open")
	}
	if enter("tax", code) {
		t.Error("it opens twice")
	}
	late, err := k.Invite(ctx, "tax")
	if err != nil {
		t.Fatal(err)
	}
	if clock.Advance(codeLife); enter("tax", late) {
		t.Error("it opens after its time")
	}
}
