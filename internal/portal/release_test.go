package portal

import (
	"testing"

	"kapu/internal/catalogue"
	"kapu/internal/ledger"
)

func TestReleasesAreToldWithTheirRight(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	const ground = "2017. évi CL. törvény"
	for _, e := range []ledger.Event{
		ledger.Released{Service: "tax", Data: []string{"name"}, Ground: ground},
		ledger.Released{Service: "tax", Data: []string{"name", "email"}, Consented: []string{"email"}, Ground: ground},
		ledger.Released{Service: "tax", Data: []string{"address"}, Consented: []string{"address"}},
		ledger.ConsentDecided{Service: "tax", Allowed: []string{"email"}, Refused: []string{"address", "taj"}},
		ledger.ConsentDecided{Service: "tax", Refused: []string{"address"}},
		ledger.ConsentWithdrawn{Service: "tax"},
		ledger.IdentifierStated{Service: "tax", Name: "tax_number"},
		ledger.Matched{Service: "tax", Asked: []string{"name", "taj"}, Agreed: []string{"name"}, Differing: []string{"taj"}},
	} {
		anna.append(e)
	}
	const tax = "<strong>Adóhivatal – eBevallás</strong>"
	anna.get("/account/history").has(t,
		tax+" megkapta: név. Jogalap: "+ground+".",
		tax+" megkapta: név, e-mail-cím. Ebből az Ön engedélyével: e-mail-cím. A többi jogalapja: "+ground+".",
		tax+" megkapta: lakcím. Mindezt az Ön engedélyével.",
		"<strong>Engedélyezte</strong>, hogy "+tax+" megkapja: e-mail-cím. Nem engedélyezte: lakcím, TAJ-szám.",
		"<strong>Nem engedélyezte</strong>, hogy "+tax+" megkapja: lakcím.",
		"<strong>Visszavonta</strong> a döntését arról, hogy "+tax,
		tax+" kérésére megadta, és a nyilvántartás igazolta: adóazonosító jel.",
		"Magukat az adatokat nem kapta meg. Egyezik: név. Nem egyezik: TAJ-szám.",
	)
	anna.get("/account").has(t, `href="/account/consents"`)
}

func TestAServiceSaysBeforehandWhatItAsks(t *testing.T) {
	w := sqliteWorld(t)
	list := w.room.Catalogue.All()
	asking := *list[0]
	asking.ConsentClaims, asking.Match = []catalogue.Claim{catalogue.Email, catalogue.Address}, []catalogue.Claim{catalogue.TAJ}
	asking.Demands = []catalogue.Claim{catalogue.TaxNumber}
	if err := w.room.Catalogue.Replace(append([]*catalogue.Service{&asking}, list[1:]...)); err != nil {
		t.Fatal(err)
	}
	w.citizen("Anna").get("/").has(t, "Megkapja: név, adóazonosító jel. Csak ha engedélyezi: lakcím, e-mail-cím. Belépéskor Önnek kell megadnia: adóazonosító jel. Igen–nem válasszal ellenőrizheti: TAJ-szám.",
		"Személyes adatot nem kap.")
}
