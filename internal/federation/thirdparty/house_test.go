package thirdparty

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"kapu/internal/app/demo"
	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/method/totp"
)

// house is the one demo of this package's tests. Nobody moves its clock: the
// programs of others read the machine's.
var house struct {
	*demo.Demo
	folder string
	err    error
	once   sync.Once

	mu    sync.Mutex
	taken int // citizens who have been given to a test
}

func TestMain(m *testing.M) {
	syscall.Umask(0o022) // Apache runs as another user, and reads what the tests write
	code := m.Run()
	if house.Demo != nil {
		if err := house.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = cmp.Or(code, 1)
		}
	}
	if house.folder != "" {
		_ = os.RemoveAll(house.folder) // of the machine's own temporary files
	}
	os.Exit(code)
}

// departure lets a password open what is of the lowest level, so that a session can
// be of less than a service wants.
var departure = []law.Row{{Rule: "password.opens-service", Value: "yes", From: law.Day(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)), Source: "a test"}}

// open starts the demo, or finds it running.
func open(t testing.TB) *demo.Demo {
	t.Helper()
	house.once.Do(func() {
		if house.folder, house.err = os.MkdirTemp("", "kapu-thirdparty-"); house.err != nil {
			return
		}
		house.Demo, house.err = demo.Start(context.Background(), demo.Options{
			Data: house.folder, Listen: "localhost:0", Law: departure, Log: slog.New(slog.DiscardHandler)})
	})
	if house.err != nil {
		t.Fatal(house.err)
	}
	return house.Demo
}

// register registers a service as `kapu admin service add` does, and returns its
// secret. It counts at once.
func register(t testing.TB, s *catalogue.Service) (secret string) {
	t.Helper()
	a := open(t).App
	secret, err := a.AddService(t.Context(), s, s.OIDC.AuthMethod == "")
	check(t, err)
	check(t, a.CheckService(t.Context(), s)) // reads the list again, as the gateway does every other second
	return secret
}

// citizen is somebody with Ügyfélkapu+ who is in no other test.
type citizen struct {
	demo.Login
	codes int // that were typed
}

func newcomer(t testing.TB) *citizen {
	t.Helper()
	d := open(t)
	house.mu.Lock()
	defer house.mu.Unlock()
	for ; house.taken < len(d.Citizens); house.taken++ {
		if l := d.Citizens[house.taken]; l.Situation == "ugyfelkapu-plus" {
			house.taken++
			return &citizen{Login: l}
		}
	}
	t.Fatal("the demo has no more citizens with Ügyfélkapu+")
	return nil
}

// code is what the citizen's app shows. A code counts once, so the first is the
// one before, the second the present, the third the next: all are taken now.
func (c *citizen) code(t testing.TB) string {
	t.Helper()
	secret, err := totp.ParseSecret(c.TOTPSecret)
	check(t, err)
	now := time.Now()
	digits, period, skew := law.Default().TOTP(now)
	if c.codes > 2*skew {
		t.Fatalf("%s has typed %d codes within a minute", c.Username, c.codes)
	}
	at := now.Add(time.Duration(c.codes-skew) * period)
	c.codes++
	return totp.Code(secret, at, totp.Params{Digits: digits, Period: period, Skew: skew})
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
