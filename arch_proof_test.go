package kapu_test

import "testing"

// Each rule is shown one file that breaks it and one that comes close and does not.
var proofs = []struct {
	rule, path, text string
	breaks           bool
}{
	{"pure-ladder", "internal/law/a.go", `package law; import _ "kapu/internal/authn"`, true},
	{"pure-ladder", "internal/law/a.go", `package law; import _ "context"`, true},
	{"pure-ladder", "internal/law/a.go", `package law; import _ "net/http"`, true},
	{"pure-ladder", "internal/law/a.go", `package law; import _ "golang.org/x/text"`, true},
	{"pure-ladder", "internal/law/a.go", `package law; import "time"; var x = time.Now()`, true},
	{"pure-ladder", "internal/authn/a.go", `package authn; import (_ "time"; _ "kapu/internal/law")`, false},
	{"pure-ladder", "internal/identity/a.go", `package identity; import _ "net/mail"`, false},
	{"ground", "internal/store/a.go", `package store; import _ "kapu/internal/broker"`, true},
	{"ground", "internal/ledger/a.go", `package ledger; import _ "kapu/internal/web"`, true},
	{"ground", "internal/store/a.go", `package store; import _ "kapu/internal/keys"`, false},
	{"web-shell", "internal/web/a.go", `package web; import _ "kapu/internal/portal"`, true},
	{"web-shell", "internal/web/a.go", `package web; import _ "kapu/internal/store"`, true},
	{"web-shell", "internal/web/a.go", `package web; import _ "kapu/internal/identity"`, false},
	{"rooms-are-strangers", "internal/method/totp/a.go", `package totp; import _ "kapu/internal/method/password"`, true},
	{"rooms-are-strangers", "internal/portal/a.go", `package portal; import _ "kapu/internal/office"`, true},
	{"rooms-are-strangers", "internal/federation/oidc/provider/a.go", `package provider; import _ "kapu/internal/federation/oidc/wire"`, false},
	{"rooms-are-strangers", "internal/method/totp/a.go", `package totp; import _ "kapu/internal/method"`, false},
	{"rooms-are-hung-by-app", "internal/broker/a.go", `package broker; import _ "kapu/internal/method/totp"`, true},
	{"rooms-are-hung-by-app", "internal/app/a.go", `package app; import _ "kapu/internal/method/totp"`, false},
	{"app-is-the-top", "internal/bench/a.go", `package bench; import _ "kapu/internal/app"`, true},
	{"app-is-the-top", "cmd/kapu/main.go", `package main; import _ "kapu/internal/app"`, false},
	{"simulator-stays-outside", "internal/app/serve.go", `package app; import _ "kapu/internal/simulator"`, true},
	{"simulator-stays-outside", "internal/app/demo.go", `package app; import _ "kapu/internal/simulator/inbox"`, false},
	{"test-tools-stay-in-tests", "internal/app/a.go", `package app; import _ "kapu/internal/browsertest"`, true},
	{"test-tools-stay-in-tests", "internal/store/storetest/a.go", `package storetest; import _ "testing"`, false},
	{"package-names", "internal/util/a.go", `package util`, true},
	{"package-names", "internal/identity/a.go", `package identity`, false},
	{"sql-in-store", "internal/office/a.go", "package office; const q = `SELECT name FROM account`", true},
	{"sql-in-store", "internal/office/a.go", `package office; const q = "UPDATE account"`, true},
	{"sql-in-store", "internal/office/a.go", `package office; const q = "select one, UPDATED"`, false},
	{"sql-in-store", "internal/store/a.go", `package store; const q = "SELECT 1"`, false},
	{"time-is-given", "internal/office/a.go", `package office; import clock "time"; var x = clock.Now()`, true},
	{"time-is-given", "internal/office/a.go", `package office; import "time"; func f(t time.Time) { time.Since(t) }`, true},
	{"time-is-given", "internal/office/a.go", `package office; import "time"; func f(now func() time.Time) { now() }`, false},
	{"time-is-given", "cmd/kapu/main.go", `package main; import "time"; var x = time.Now()`, false},
	{"tests-never-sleep", "internal/office/a_test.go", `package office; import "time"; func f() { time.Sleep(1) }`, true},
	{"tests-never-sleep", "internal/office/a_test.go", `package office; import "time"; func f() { synctest.Test(nil, func() { time.Sleep(1) }) }`, false},
	{"tests-never-sleep", "internal/office/a.go", `package office; import "time"; func f() { time.Sleep(1) }`, false},
	{"skips-say-why", "internal/office/a_test.go", `package office; func f(t interface{ SkipNow() }) { t.SkipNow() }`, true},
	{"skips-say-why", "internal/office/a_test.go", `package office; func FuzzA(t interface{ Skip() }) { t.Skip() }`, false},
	{"skips-say-why", "internal/office/a_test.go", `package office; var f = func(t *rapid.T) { t.Skip() }`, false},
	{"skips-say-why", "internal/office/a_test.go", `package office; func f(t interface{ Skip(string) }) { t.Skip("no server") }`, false},
}

func TestEachRuleCatchesWhatItForbids(t *testing.T) {
	proved := map[string]bool{}
	for _, p := range proofs {
		s, err := parse(p.path, p.text)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rules {
			if r.name != p.rule {
				continue
			}
			proved[r.name] = true
			if found := r.check(s); (len(found) > 0) != p.breaks {
				t.Errorf("%s on %s %q: found %v, should break: %v", r.name, p.path, p.text, found, p.breaks)
			}
		}
	}
	for _, r := range rules {
		if !proved[r.name] {
			t.Errorf("%s has no proof", r.name)
		}
	}
}

func TestPackageComment(t *testing.T) {
	bare, _ := parse("internal/a/a.go", "package a")
	vague, _ := parse("internal/a/b.go", "// Some words.\npackage a")
	proper, _ := parse("internal/a/doc.go", "// Package a owns nothing and refuses everything.\npackage a")
	if got := packagesWithoutComment([]source{bare, vague}); len(got) != 1 {
		t.Errorf("a package without a proper comment gave %d findings, want 1", len(got))
	}
	if got := packagesWithoutComment([]source{bare, proper}); len(got) != 0 {
		t.Errorf("a package with a proper comment was found wanting: %v", got)
	}
}
