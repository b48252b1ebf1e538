package catalogue_test

import (
	"fmt"
	"strings"
	"testing"

	"kapu/internal/catalogue"
)

func TestKeysForASignature(t *testing.T) {
	sets := keySets(t)
	for _, c := range []struct {
		set, kid, alg string
		want          int
	}{
		{"ec", "k1", "ES256", 1}, {"ec", "", "ES256", 1}, {"ec", "k2", "ES256", 0}, {"ec", "k1", "RS256", 0},
		{"rsa", "k1", "RS256", 1}, {"rsa", "k1", "PS256", 1}, {"rsa", "k1", "ES256", 0}, {"ed", "k1", "EdDSA", 1},
		{"rsa", "k1", "HS256", 0}, {"ec", "k1", "HS256", 0}, {"rsa", "", "none", 0}, {"rsa", "", "", 0},
	} {
		set, err := catalogue.ParseKeys([]byte(sets[c.set]))
		check(t, err)
		if got := catalogue.KeysFor(set, c.kid, c.alg); len(got) != c.want {
			t.Errorf("%+v: %d keys", c, len(got))
		}
	}
	marked := strings.Replace(sets["rsa"], `"kid"`, `"use":"enc","kid"`, 1)
	set, err := catalogue.ParseKeys([]byte(marked))
	check(t, err)
	if len(catalogue.KeysFor(set, "", "RS256")) > 0 {
		t.Error("a key for encryption verified a signature")
	}
	set, err = catalogue.ParseKeys([]byte(strings.Replace(sets["rsa"], `"kid"`, `"alg":"PS256","kid"`, 1)))
	check(t, err)
	if len(catalogue.KeysFor(set, "", "RS256")) > 0 || len(catalogue.KeysFor(set, "", "PS256")) != 1 {
		t.Error("a key was used for another algorithm than its own")
	}
}

func TestKeySetsAreBounded(t *testing.T) {
	one := `{"kty":"new"}`
	for n, sound := range map[int]bool{32: true, 33: false} {
		text := fmt.Sprintf(`{"keys":[%s]}`, strings.TrimSuffix(strings.Repeat(one+",", n), ","))
		if _, err := catalogue.ParseKeys([]byte(text)); (err == nil) != sound {
			t.Errorf("%d keys: %v", n, err)
		}
	}
	if _, err := catalogue.ParseKeys([]byte(`{"keys":[],"x":"` + strings.Repeat("x", 70<<10) + `"}`)); err == nil {
		t.Error("70 KiB were read")
	}
}

func FuzzParseKeys(f *testing.F) {
	for _, text := range keySets(f) {
		f.Add([]byte(text))
	}
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AA","e":"AQAB"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AA","e":"AQAB","d":null}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := catalogue.ParseKeys(text)
		if err != nil {
			return
		}
		for _, k := range set.Keys {
			if !k.IsPublic() || !k.Valid() {
				t.Errorf("taken: %+v", k)
			}
		}
	})
}
