package paper

// Sheet is the registration sheet (Regisztrációs adatlap): what was recorded,
// and what the citizen does next.
func Sheet(words Words, f Facts) ([]byte, error) {
	p := newPage(words, f.Head, words("sheet.title"))
	p.head(f.Head, words("sheet.title"))
	p.prose(words("sheet.lead"))
	p.table("personal", f.personal())
	p.table("document", f.document())
	p.table("check", f.check())
	p.table("account", f.account())
	if f.Username != "" {
		p.heading("next")
		p.numbered([]string{words(f.activating("next.mail", "next.first")),
			words(f.activating("next.activate", "next.first-change"), "Within", f.ActivateWithin), words("next.plus")})
	}
	p.signatures("sign.citizen", "sign.clerk")
	return p.bytes()
}

// Declaration is the data declaration (Adatszolgáltatási nyilatkozat) that the
// citizen signs before the account is made.
func Declaration(words Words, f Facts) ([]byte, error) {
	p := newPage(words, f.Head, words("declaration.title"))
	p.head(f.Head, words("declaration.title"))
	p.prose(words("declaration.lead"))
	p.table("personal", f.personal())
	p.table("document", f.document())
	p.table("account", f.account())
	p.heading("declaration.states")
	p.numbered([]string{
		words("declaration.true"), words("declaration.compared"), words(f.activating("declaration.activate", "declaration.first"), "Within", f.ActivateWithin),
		words("declaration.secret"), words("declaration.validity"), words("declaration.change"), words("declaration.ledger"),
	})
	p.signatures("sign.citizen", "sign.clerk")
	return p.bytes()
}
