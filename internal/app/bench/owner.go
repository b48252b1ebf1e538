package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// owner signs in on a device that is remembered, again and again.
type owner struct {
	citizen     citizen
	device      *visitor
	tried, done atomic.Int64
	times       *figures
}

// deviceCookie is by what a browser is known again.
const deviceCookie = "kapu-device"

// ownerOf signs a citizen in once, whole, so that the device is remembered. It has
// the address of one of the attackers: that must not matter.
func (w *world) ownerOf(ctx context.Context, c citizen, address string) (*owner, error) {
	v := w.visitor()
	v.address = address
	if err := v.signIn(ctx, c); err != nil {
		return nil, fmt.Errorf("the owner's first sign-in: %w", err)
	}
	return &owner{citizen: c, device: v, times: &figures{}}, nil
}

// between is how long the owner rests between sign-ins.
const between = 500 * time.Millisecond

// keepsSigningIn signs in until ctx ends; what it returns is closed then.
func (o *owner) keepsSigningIn(ctx context.Context) <-chan struct{} {
	over := make(chan struct{})
	go func() {
		defer close(over)
		for rest(ctx, between) == nil {
			o.signsIn(ctx)
		}
	}()
	return over
}

// signsIn is one sign-in as far as the one-time code, which is good once in 30
// seconds: it is the password that strangers slow.
func (o *owner) signsIn(ctx context.Context) {
	v := o.afresh()
	at, err := v.atPassword(ctx)
	if err != nil {
		return // the attack is over
	}
	o.tried.Add(1)
	begun := time.Now()
	res, err := v.answer(context.WithoutCancel(ctx), at, o.citizen.Username, password)
	if err == nil && (res.StatusCode != http.StatusSeeOther || !strings.Contains(res.Header.Get("Location"), "/signin/totp")) {
		err = fmt.Errorf("the owner was answered with %s", res.Status)
	}
	o.times.add(time.Since(begun), err)
	if err == nil {
		o.done.Add(1)
	}
}

// afresh is the owner's browser with nothing but what it is known by.
func (o *owner) afresh() *visitor {
	v := o.device.world.visitor()
	v.address = o.device.address
	site, _ := url.Parse(v.world.Issuer) // it was parsed before
	for _, c := range o.device.client.Jar.Cookies(site) {
		if c.Name == deviceCookie {
			v.client.Jar.SetCookies(site, []*http.Cookie{c})
		}
	}
	return v
}

// onNewDevice says how a citizen fares right after the attack, with the right
// password, on a device and at an address that nobody has seen.
func (w *world) onNewDevice(ctx context.Context, c citizen) (string, error) {
	v := w.visitor()
	v.address = "192.0.2.77"
	at, err := v.atPassword(ctx)
	if err != nil {
		return "", err
	}
	res, err := v.answer(ctx, at, c.Username, password)
	if err != nil {
		return "", err
	}
	if res.StatusCode == http.StatusTooManyRequests {
		return "has to wait another " + res.Header.Get("Retry-After") + " s", nil
	}
	if res.StatusCode == http.StatusSeeOther {
		return "goes through at once", nil
	}
	return "is answered with " + res.Status, nil
}
