package catalogue_test

import (
	"strings"
	"testing"

	"kapu/internal/catalogue"
)

const good = `
services:
- id: tax
  name: {hu: Adóhivatal, en: Tax Office}
  url: https://tax.example/
  level: substantial
  claims: [name, tax_number]
  ground: "2003. évi XCII. törvény"
  oidc:
    client_id: tax
    redirect_uris: ["https://tax.example/callback"]
`

func TestARegistrationIsRead(t *testing.T) {
	services, err := catalogue.Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.New(services)
	if err != nil {
		t.Fatal(err)
	}
	if s := c.Client("tax"); s == nil || catalogue.In(s.Name, "en") != "Tax Office" || s.SectorID() != "tax" {
		t.Errorf("Client = %+v", s)
	}
	if got := c.Service("tax").Origins(); len(got) != 1 || got[0] != "https://tax.example" {
		t.Errorf("Origins = %v", got)
	}
}

func TestAFaultyRegistrationSaysAllThatIsWrong(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"https://tax.example/callback", "http://tax.example/callback", "must begin with https"},
		{"https://tax.example/callback", "https://tax.example/#x", "no fragment"},
		{"level: substantial", "level: strong", "level must be"},
		{"tax_number", "shoe_size", `claim "shoe_size"`},
		{`"2003. évi XCII. törvény"`, `""`, "ground is missing"},
		{"id: tax", "id: T", "id must be"},
		{"client_id: tax", `client_id: ""`, "client_id is missing"},
	} {
		services, err := catalogue.Parse([]byte(strings.Replace(good, c.old, c.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := catalogue.New(services); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.want, err)
		}
	}
	if _, err := catalogue.Parse([]byte("services:\n- idd: x\n")); err == nil {
		t.Error("a misspelt key was accepted")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Fuzz(func(t *testing.T, data []byte) {
		if services, err := catalogue.Parse(data); err == nil {
			_, _ = catalogue.New(services)
		}
	})
}
