package services

import (
	"kapu/internal/catalogue"
	"kapu/internal/keys"
	"kapu/internal/law"
)

// Party is one of the services: what it is registered as.
type Party struct {
	ID       string            // in the catalogue, and the class of its look
	ClientID string            // "" for one that speaks SAML
	Kind     string            // of catalogue.Kinds; "" for other
	Name     map[string]string // by language
	About    map[string]string
	Ground   string
	Claims   []catalogue.Claim
	Consent  []catalogue.Claim // only if the citizen lets it have them
	Demands  []catalogue.Claim // identifiers that the citizen must state on the way (R16)
	Match    []catalogue.Claim // what it may have compared (R16)
	Scopes   []string          // under which it asks for all of them
	Query    string            // claims parameter; "" for none (OpenID Connect Core, 5.5)
	Level    law.Level
	// Provisional: it also takes people whom nobody has checked (R8).
	Provisional bool
	// Mandates: it also takes people who act for another.
	Mandates bool
}

// Tax is the tax office's service for returns. It admits nobody who does not state
// their tax number, and may have compared what it holds otherwise (R16). It also takes
// accountants, who act for their clients.
func Tax() Party {
	return Party{
		ID: "demo-tax", ClientID: "demo-adohivatal", Kind: "tax",
		Name:    map[string]string{"hu": "Adóhivatal – eBevallás", "en": "Tax Office – eReturn"},
		About:   map[string]string{"hu": "Adóbevallás megtekintése és beküldése", "en": "See and send your tax return"},
		Ground:  "2017. évi CL. törvény az adózás rendjéről",
		Claims:  []catalogue.Claim{catalogue.Name, catalogue.BirthDate, catalogue.TaxNumber},
		Demands: []catalogue.Claim{catalogue.TaxNumber},
		Match:   []catalogue.Claim{catalogue.MotherBirthName, catalogue.TAJ},
		Scopes:  []string{"profile", "tax_number", "match"},
		Level:   law.Substantial, Mandates: true,
	}
}

// Town is a municipality's service; address and e-mail it has only from those who
// let it have them.
func Town() Party {
	return Party{
		ID: "demo-town", ClientID: "demo-kisfalud", Kind: "local",
		Name:    map[string]string{"hu": "Kisfalud – Önkormányzati ügyek", "en": "Kisfalud – Municipal Services"},
		About:   map[string]string{"hu": "Helyi adók, engedélyek, bejelentések", "en": "Local taxes, permits and reports"},
		Ground:  "2011. évi CLXXXIX. törvény Magyarország helyi önkormányzatairól",
		Claims:  []catalogue.Claim{catalogue.Name},
		Consent: []catalogue.Claim{catalogue.Address, catalogue.Email},
		Scopes:  []string{"address", "email"},
		Query:   `{"userinfo":{"name":{"essential":true}}}`,
		Level:   law.Substantial,
	}
}

// Library is the town's library, where a provisional registration will do.
func Library() Party {
	return Party{
		ID: "demo-library", ClientID: "demo-konyvtar", Kind: "education",
		Name:   map[string]string{"hu": "Kisfalud – Városi könyvtár", "en": "Kisfalud – Town Library"},
		About:  map[string]string{"hu": "Könyvek foglalása; ideiglenes regisztrációval is", "en": "Reserve books; with a provisional registration, too"},
		Ground: "1997. évi CXL. törvény a könyvtári ellátásról",
		Claims: []catalogue.Claim{catalogue.Name, catalogue.Email},
		Scopes: []string{"email"},
		Query:  `{"userinfo":{"name":{"essential":true}}}`,
		Level:  law.Low, Provisional: true,
	}
}

// Health is a register of findings and prescriptions. It speaks SAML.
func Health() Party {
	return Party{
		ID: "demo-health", Kind: "health",
		Name:   map[string]string{"hu": "Egészségtár – Leletek és receptek", "en": "Health Records – Findings and Prescriptions"},
		About:  map[string]string{"hu": "Leletek, receptek és beutalók megtekintése", "en": "See your findings, prescriptions and referrals"},
		Ground: "1997. évi XLVII. törvény az egészségügyi adatokról",
		Claims: []catalogue.Claim{catalogue.Name, catalogue.BirthDate, catalogue.TAJ},
		Level:  law.Substantial,
	}
}

// Secret is the party's client secret at the gateway with those keys: the same
// at every start, so that kept data stay of use.
func (p Party) Secret(ring *keys.Ring) string { return ring.Digest("demo-client-secret", p.ClientID) }

// Entry is the registration in the catalogue of a party that speaks OpenID
// Connect; url is its own address without a slash at the end.
func (p Party) Entry(url string, ring *keys.Ring) *catalogue.Service {
	s := p.entry(url)
	s.OIDC = &catalogue.OIDC{
		ClientID: p.ClientID, SecretDigest: ring.Digest("client-secret", p.Secret(ring)),
		RedirectURIs: []string{url + returnPath}, PostLogout: []string{url + goodbyePath},
		BackchannelLogout: url + hearPath, BackchannelSession: true, PrivateNetwork: true, Sandbox: true,
	}
	return s
}

// entry is what a registration says whatever the protocol.
func (p Party) entry(url string) *catalogue.Service {
	return &catalogue.Service{
		ID: p.ID, Name: p.Name, About: p.About, Kind: p.Kind, URL: url + signInPath, Level: p.Level.String(), Provisional: p.Provisional,
		Claims: p.Claims, Ground: p.Ground, ConsentClaims: p.Consent, Demands: p.Demands, Match: p.Match, Mandates: p.Mandates,
	}
}

// Catalogue is the registration of those that speak OpenID Connect, at their addresses.
func Catalogue(taxURL, townURL, libraryURL string, ring *keys.Ring) []*catalogue.Service {
	return []*catalogue.Service{Tax().Entry(taxURL, ring), Town().Entry(townURL, ring), Library().Entry(libraryURL, ring)}
}
