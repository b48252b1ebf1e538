package app

import "kapu/internal/mandate"

// Mandates is the register of who may act for whom.
func (a *App) Mandates() mandate.Register {
	return mandate.Register{Ledger: a.Ledger, Law: a.Law, Ring: a.Ring, Takes: a.takesMandates, Home: a.Issuer + "/account/mandates"}
}

func (a *App) takesMandates(service string) bool {
	s := a.Catalogue.Service(service)
	return s != nil && s.Mandates
}
