package broker

import (
	"strings"
	"testing"
	"time"

	"kapu/internal/authn"
	"kapu/internal/law"
	"kapu/internal/store/storetest"
)

func sample() authn.Transaction {
	return authn.Transaction{ID: "t", Browser: "b", Opened: time.Unix(0, 0).UTC(), Request: authn.Request{Door: hereDoor, Level: law.Substantial}}
}

func TestATransactionOpensInItsOwnRoomOnly(t *testing.T) {
	b := &Broker{Config: Config{Ring: storetest.Ring(t)}}
	token, err := b.seal(sample(), "password")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := b.unseal(token, "totp"); ok {
		t.Error("a transaction sealed for one room opened in another")
	}
	if got, ok := b.unseal(token, "password"); !ok || got.ID != "t" {
		t.Errorf("unseal = %+v, %v", got, ok)
	}
	other := &Broker{Config: Config{Ring: storetest.Ring(t)}}
	if _, ok := other.unseal(token, "password"); ok {
		t.Error("another gateway's transaction opened")
	}
	device, err := b.Ring.Seal("device", []byte(`{"t":{},"r":"password"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := b.unseal(device, "password"); ok {
		t.Error("something sealed for another purpose passed for a transaction")
	}
}

func TestPathsThatLeadElsewhereLeadHome(t *testing.T) {
	for path, want := range map[string]string{
		"/account": "/account", "/office?x=1": "/office?x=1", "https://evil.example/": "/", "//evil.example/": "/",
		`/\evil.example`: "/", "javascript:alert(1)": "/", "": "/", "account": "/", "/\n//evil.example": "/", "/%0d%0aSet-Cookie:x": "/%0d%0aSet-Cookie:x",
	} {
		if got := LocalPath(path); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", path, got, want)
		}
	}
}

func FuzzSealedTransaction(f *testing.F) {
	b := &Broker{Config: Config{Ring: storetest.Ring(f)}}
	good, err := b.seal(sample(), "password")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add(strings.Repeat("A", 100))
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		if got, ok := b.unseal(token, "password"); ok && got.ID != "t" {
			t.Fatalf("forged: %+v", got)
		}
	})
}

func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/account", "//x", `/\x`, "https://x", "/a?b=c#d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got := LocalPath(path)
		if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t") {
			t.Fatalf("LocalPath(%q) = %q", path, got)
		}
	})
}
