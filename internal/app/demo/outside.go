package demo

import (
	"net/http"

	"kapu/internal/catalogue"
	"kapu/internal/keys"
	"kapu/internal/simulator/services"
)

// outside are the two services of the demo, and how the gateway knows them.
type outside struct {
	catalogue []*catalogue.Service
	tax, town http.Handler
}

// services makes the two services at their doors and describes them.
func (d *Demo) services(open doors, ring *keys.Ring) outside {
	at := func(p services.Party, url string) http.Handler {
		d.Services = append(d.Services, Service{Name: p.Name["hu"], URL: url + "/", Protocol: "oidc", ClientID: p.ClientID, ClientSecret: p.Secret(ring)})
		return services.New(services.Config{Party: p, Issuer: d.Issuer, URL: url, Secret: p.Secret(ring), Now: d.options.Now, Log: d.options.Log})
	}
	tax, town := open.address(open.tax), open.address(open.town)
	return outside{
		catalogue: services.Catalogue(tax, town, ring),
		tax:       at(services.Tax(), tax),
		town:      at(services.Town(), town),
	}
}
