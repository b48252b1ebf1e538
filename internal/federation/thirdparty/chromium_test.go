package thirdparty

import (
	"testing"
	"time"

	"kapu/internal/browsertest"
	"kapu/internal/law"
	"kapu/internal/web"
)

// visitor is somebody who reads Hungarian, at Chromium.
type visitor struct {
	*browsertest.Page
	t testing.TB
	c *citizen
}

func newVisitor(t testing.TB, b *browsertest.Browser) visitor {
	t.Helper()
	v := visitor{b.Visitor(t), t, newcomer(t)}
	v.Speak(string(web.Hungarian))
	return v
}

// said is a text as the gateway's pages write it.
func (v visitor) said(key string, args ...any) string {
	v.t.Helper()
	text := open(v.t).App.Shell.Text(web.Hungarian, key, args...)
	if text == key {
		v.t.Fatalf("no text is called %s", key)
	}
	return text
}

// signsIn walks from the chooser to where the gateway sends the visitor then.
func (v visitor) signsIn() {
	v.t.Helper()
	v.See(v.said("broker.choose.title"))
	v.Click(v.said("broker.method.totp"))
	v.typesPassword()
	v.typesCode()
}

// signsInLow signs in with a password alone.
func (v visitor) signsInLow() {
	v.t.Helper()
	v.See(v.said("broker.choose.title"))
	v.Click(v.said("broker.method.password") + v.said("broker.method.password.help"))
	v.typesPassword()
}

func (v visitor) typesPassword() {
	v.t.Helper()
	v.Fill(v.said("password.signin.username"), v.c.Username)
	v.Fill(v.said("password.signin.password"), v.c.Password)
	v.Click(v.said("password.signin.go"))
}

func (v visitor) typesCode() {
	v.t.Helper()
	v.See(v.said("totp.signin.title"))
	digits, _, _ := law.Default().TOTP(time.Now())
	v.Fill(v.said("totp.signin.code", "Digits", digits), v.c.code(v.t))
	v.Click(v.said("totp.signin.go"))
}

// leavesGateway signs out at the gateway itself.
func (v visitor) leavesGateway() {
	v.t.Helper()
	v.Visit(open(v.t).Issuer + "/signout")
	v.Click(v.said("broker.signout.yes"))
	v.See(v.said("broker.signedout.title"))
}

// patience is how long others may take to be ready, or to hear of something.
const patience = 30 * time.Second

// until asks again and again until the answer is yes.
func until(t testing.TB, what string, yes func() bool) {
	t.Helper()
	const breath = 50 * time.Millisecond
	end, tick := time.After(patience), time.NewTicker(breath)
	defer tick.Stop()
	for !yes() {
		select {
		case <-end:
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}
