package paperproof

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

func newGateway(t *testing.T) (*roomtest.Gateway, *Room) {
	t.Helper()
	db, clock := storetest.SQLite(t)
	g := roomtest.New(t, db, clock)
	x := New(Config{Broker: g.Broker, Prover: Prover{g.Ring, roomtest.Issuer}})
	g.Add(x)
	return g, x
}

// signIn signs somebody in with Ügyfélkapu+, at the path.
func signIn(t *testing.T, g *roomtest.Gateway, b *roomtest.Browser, c roomtest.Citizen) *roomtest.Browser {
	t.Helper()
	b.SignIn(c).At("/signin/totp").Submit("code", g.Code(c.Secret))
	return b
}

func (x *Room) path(p Paper) string {
	return strings.TrimPrefix(x.Prover.Prove(p, []string{"Kiss Anna"}).URL, roomtest.Issuer)
}

func TestAClerkSeesWhatThePaperMustSay(t *testing.T) {
	g, x := newGateway(t)
	clerk := g.Plus(t, g.Citizen(t, "Ugyintezo"))
	if err := g.DB.Update(context.Background(), func(tx *store.Tx) error {
		office := identity.Office{ID: "kisfalud", Kind: identity.GovernmentWindow, Name: "Kormányablak, Kisfalud", Address: "9025 Kisfalud, Fő tér 1."}
		if err := tx.PutOffice(office); err != nil {
			return err
		}
		return tx.AppointClerk(clerk.ID, office.ID)
	}); err != nil {
		t.Fatal(err)
	}
	b := g.Browser(t)
	b.Visit(x.path(sample)).See(http.StatusOK, "hivatalban ellenőrzik").Follow("Ügyintéző vagyok").At("/signin/choose")
	signIn(t, g, b, clerk)
	b.Visit(x.path(sample)).See(http.StatusOK, "regisztrációs adatlap", "Kormányablak, Kisfalud", "10.42", "/office/registrations/"+sample.ID,
		x.Prover.Prove(sample, []string{"Kiss Anna"}).Digest)
	other := sample
	other.Office = "closed-long-ago"
	b.Visit(x.path(other)).See(http.StatusOK, "closed-long-ago", "az a hivatal látja")
	other.Kind = Minutes
	b.Visit(x.path(other)).See(http.StatusOK, "jegyzőkönyv", "/office/accounts/"+sample.ID)
	b.Visit(x.path(sample)+"A").See(http.StatusNotFound, "nem a miénk, vagy megsérült")
}

func TestOthersAreSentToAnOffice(t *testing.T) {
	g, x := newGateway(t)
	anna := g.Plus(t, g.Citizen(t, "KisAnna"))
	digest := x.Prover.Prove(sample, []string{"Kiss Anna"}).Digest
	b := g.Browser(t)
	for _, step := range []func(){func() {}, func() { signIn(t, g, b, anna) }} {
		step()
		b.Visit(x.path(sample)).See(http.StatusOK, "Mutassa meg")
		for _, secret := range []string{digest, sample.ID, "kisfalud"} {
			if strings.Contains(b.Body, secret) {
				t.Errorf("a stranger sees %s", secret)
			}
		}
	}
	b.Visit(clerkPath+"?p=x").See(http.StatusNotFound, "Simítsa ki")
	b.Visit(pagePath).See(http.StatusNotFound)
}

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

func TestSamplesShowInBothLanguages(t *testing.T) {
	g, _ := newGateway(t)
	b, n := g.Browser(t), 0
	for _, s := range g.Shell.Samples() {
		if s.Room != "paper" {
			continue
		}
		n++
		for _, lang := range web.Langs {
			b.Visit(s.Path() + "?lang=" + string(lang)).See(http.StatusOK)
			if strings.Contains(b.Body, ">paper.") || strings.Contains(b.Body, "no value") {
				t.Errorf("%s:\n%s", s.Path(), b.Body)
			}
		}
	}
	if n != len(Kinds())+3 {
		t.Errorf("%d samples", n)
	}
}
