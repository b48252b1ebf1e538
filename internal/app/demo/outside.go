package demo

import (
	"net/http"

	"kapu/internal/catalogue"
	"kapu/internal/keys"
	"kapu/internal/simulator/services"
)

// outside are the services of the demo, and how the gateway knows them.
type outside struct {
	catalogue          []*catalogue.Service
	tax, town, library http.Handler
}

// services makes the services at their doors and describes them.
func (d *Demo) services(open doors, ring *keys.Ring) outside {
	at := func(p services.Party, url string) http.Handler {
		d.Services = append(d.Services, Service{ID: p.ID, Name: p.Name["hu"], URL: url + "/", Protocol: "oidc", ClientID: p.ClientID, ClientSecret: p.Secret(ring)})
		return services.New(services.Config{Party: p, Issuer: d.Issuer, URL: url, Secret: p.Secret(ring), Now: d.options.Now, Log: d.options.Log})
	}
	tax, town, library := open.address(open.tax), open.address(open.town), open.address(open.library)
	return outside{
		catalogue: services.Catalogue(tax, town, library, ring),
		tax:       at(services.Tax(), tax),
		town:      at(services.Town(), town),
		library:   at(services.Library(), library),
	}
}
