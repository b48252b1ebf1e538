package keys

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func ring(t testing.TB) *Ring {
	t.Helper()
	data, err := Generate(true)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAFieldOpensOnlyInItsOwnPlace(t *testing.T) {
	r := ring(t)
	sealed, err := r.Encrypt("accounts/email/1", "anna@example.hu")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Decrypt("accounts/email/1", sealed); err != nil || got != "anna@example.hu" {
		t.Fatalf("Decrypt = %q, %v", got, err)
	}
	if _, err := r.Decrypt("accounts/email/2", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("another row's field opened: %v", err)
	}
	if _, err := ring(t).Decrypt("accounts/email/1", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("opened under another ring: %v", err)
	}
}

func TestAPersonsFieldsDieWithTheirKey(t *testing.T) {
	r := ring(t)
	p, wrapped, err := r.NewPersonal("p1")
	if err != nil {
		t.Fatal(err)
	}
	sealed := p.Encrypt("persons/taj/p1", "123456788")
	again, err := r.OpenPersonal("p1", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Decrypt("persons/taj/p1", sealed); err != nil || got != "123456788" {
		t.Fatalf("Decrypt = %q, %v", got, err)
	}
	if _, err := r.OpenPersonal("p1", ""); !errors.Is(err, ErrSealed) {
		t.Errorf("an erased key opened: %v", err)
	}
	if _, err := r.OpenPersonal("p2", wrapped); !errors.Is(err, ErrSealed) {
		t.Errorf("a key opened for another person: %v", err)
	}
}

func TestIndexesOfColumnsAreApart(t *testing.T) {
	r := ring(t)
	if r.Index("username", "KisAnna") == r.Index("email", "KisAnna") {
		t.Error("two columns share an index")
	}
	if again := r.Index("username", "KisAnna"); again != r.Index("username", "KisAnna") {
		t.Error("an index must be repeatable")
	}
	if r.Index("x", "KisAnna") == r.Digest("x", "KisAnna") {
		t.Error("indexes and digests share a key")
	}
}

func TestAKeyFileOthersCanReadIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	if _, err := OpenOrCreate(path, false); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, ErrReadable) {
		t.Errorf("Open = %v", err)
	}
}

// What is taken once is remembered by its text: nobody can write it in another way.
func TestASealedValueIsOneText(t *testing.T) {
	r := ring(t)
	for size := range 6 {
		good, err := r.Seal("once", make([]byte, size))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Unseal("once", good); err != nil {
			t.Fatal(err)
		}
		for _, other := range []string{good + "\n", "\r\n" + good, good[:4] + "\n" + good[4:], good + "=", good[:len(good)-1] + string(good[len(good)-1]+1)} {
			if _, err := r.Unseal("once", other); err == nil {
				t.Errorf("%q opens as well", other)
			}
		}
	}
}

func FuzzUnseal(f *testing.F) {
	r := ring(f)
	good, _ := r.Seal("signin", []byte("hello"))
	f.Add(good)
	f.Add("")
	f.Add("AAAA====")
	f.Fuzz(func(t *testing.T, s string) {
		if plain, err := r.Unseal("signin", s); err == nil && string(plain) != "hello" {
			t.Fatalf("forged: %q", plain)
		}
	})
}
