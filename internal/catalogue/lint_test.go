package catalogue_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/law"
)

func TestLint(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	reach := func(m law.Method) law.Level {
		if m == law.TOTP {
			return law.Substantial
		}
		return law.NoLevel
	}
	sound := func() *catalogue.Service {
		return &catalogue.Service{ID: "tax", Name: map[string]string{"hu": "Adó", "en": "Tax"}, URL: "https://tax.example/", Level: "substantial",
			Claims: []catalogue.Claim{catalogue.TaxNumber}, Ground: "2017. évi CL. törvény",
			OIDC: &catalogue.OIDC{ClientID: "tax", SecretDigest: "d", RedirectURIs: []string{"https://tax.example/cb"}, PostLogout: []string{"https://tax.example/bye"}}}
	}
	if found := catalogue.Lint(sound(), reach, now); len(found) != 0 {
		t.Fatalf("a sound registration: %v", found)
	}
	for _, c := range []struct {
		name, want string
		blocking   bool
		change     func(*catalogue.Service)
	}{
		{"too high", "level high", true, func(s *catalogue.Service) { s.Level = "high" }},
		{"a method that is not on offer", "no method", true, func(s *catalogue.Service) { s.Method = []law.Method{law.Card} }},
		{"no English", "name.en", false, func(s *catalogue.Service) { delete(s.Name, "en") }},
		{"ground without claims", "neither claims nor match", false, func(s *catalogue.Service) { s.Claims = nil }},
		{"match alone, on a ground", "speak OpenID Connect", false, func(s *catalogue.Service) {
			s.Claims, s.Match, s.OIDC = nil, []catalogue.Claim{catalogue.TAJ}, nil
		}},
		{"match of what it is given", "given tax_number anyway", false, func(s *catalogue.Service) { s.Match = []catalogue.Claim{catalogue.TaxNumber} }},
		{"match by a public client", "public client", false, func(s *catalogue.Service) {
			s.Match, s.OIDC.SecretDigest = []catalogue.Claim{catalogue.TAJ}, ""
		}},
		{"a long list", "more than 4 data", false, func(s *catalogue.Service) {
			s.ConsentClaims = []catalogue.Claim{catalogue.Name, catalogue.Email, catalogue.Address, catalogue.BirthDate, catalogue.TAJ}
		}},
		{"sector with identifiers", `sector "town"`, false, func(s *catalogue.Service) { s.Sector = "town" }},
		{"unchecked people", "their own word", false, func(s *catalogue.Service) { s.Level, s.Provisional = "low", true }},
		{"another host", "another host", false, func(s *catalogue.Service) { s.OIDC.RedirectURIs = []string{"https://evil.example/cb"} }},
		{"no way back", "post_logout", false, func(s *catalogue.Service) { s.OIDC.PostLogout = nil }},
		{"a developer's machine", "own machine", false, func(s *catalogue.Service) {
			s.URL, s.OIDC.RedirectURIs, s.OIDC.PostLogout = "http://localhost:3000/", []string{"http://localhost:3000/cb"}, []string{"http://localhost:3000/bye"}
		}},
		{"told elsewhere", "another host", false, func(s *catalogue.Service) { s.OIDC.BackchannelLogout = "https://evil.example/out" }},
		{"a key without a name", "no kid", false, func(s *catalogue.Service) {
			s.OIDC.JWKS = strings.Replace(keySets(t)["ec"], `"kid":"k1",`, "", 1)
		}},
		{"a sandbox in earnest", "sandbox is true", false, func(s *catalogue.Service) { s.OIDC.Sandbox = true }},
		{"two secrets", "former secret", false, func(s *catalogue.Service) { s.OIDC.FormerDigest, s.OIDC.FormerUntil = "e", now.Add(time.Hour) }},
	} {
		s := sound()
		c.change(s)
		found := catalogue.Lint(s, reach, now)
		if len(found) != 1 || !strings.Contains(found[0].String(), c.want) || found[0].Blocking != c.blocking {
			t.Errorf("%s: %v", c.name, found)
		}
	}
}

func TestTheFormerSecretCountsForAWhile(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	o := &catalogue.OIDC{SecretDigest: "new", FormerDigest: "old", FormerUntil: now.Add(time.Hour)}
	for _, c := range []struct {
		digest string
		at     time.Time
		want   bool
	}{
		{"new", now, true}, {"old", now, true}, {"old", now.Add(time.Hour), false}, {"new", now.Add(time.Hour), true}, {"other", now, false}, {"", now, false},
	} {
		if got := o.KnowsSecret(c.digest, c.at); got != c.want {
			t.Errorf("%q at %s: %t", c.digest, c.at, got)
		}
	}
	if public := (&catalogue.OIDC{}); public.KnowsSecret("", now) {
		t.Error("a public client has no secret to know")
	}
}

func TestARegistrationIsWrittenAsItIsRead(t *testing.T) {
	read, err := catalogue.Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	text, err := catalogue.Marshal(read[0])
	if err != nil {
		t.Fatal(err)
	}
	again, err := catalogue.Parse(text)
	if err != nil || len(again) != 1 || again[0].OIDC.RedirectURIs[0] != read[0].OIDC.RedirectURIs[0] || again[0].Ground != read[0].Ground {
		t.Errorf("%s\n%v", text, err)
	}
}

func TestLintLive(t *testing.T) {
	sets := keySets(t)
	for _, c := range []struct {
		name, text, want string
		err              error
		blocking         bool
	}{
		{"as it should be", sets["ec"], "", nil, false},
		{"a host that is down", "", "does not give its keys", errors.New("no route"), true},
		{"a page", "<html>", "not a JWK set", nil, true},
		{"a private key", sets["private"], "this one is lost", nil, true},
		{"another kind of key", sets["rsa"], "no key that signs client assertions", nil, true},
		{"no name", strings.Replace(sets["ec"], `"kid":"k1",`, "", 1), "no kid", nil, false},
	} {
		s := &catalogue.Service{ID: "tax", OIDC: &catalogue.OIDC{AuthMethod: "private_key_jwt", AuthAlg: "ES256", JWKSURI: "https://tax.example/jwks"}}
		found := catalogue.LintLive(s, func(address string) ([]byte, error) {
			if address != s.OIDC.JWKSURI {
				t.Errorf("fetched %s", address)
			}
			return []byte(c.text), c.err
		})
		switch {
		case c.want == "" && len(found) > 0, c.want != "" && (len(found) != 1 || !strings.Contains(found[0].String(), c.want) || found[0].Blocking != c.blocking):
			t.Errorf("%s: %v", c.name, found)
		}
	}
}
