package demo

import (
	"net/http"

	"kapu/internal/catalogue"
	"kapu/internal/keys"
	"kapu/internal/simulator/services"
)

// outside are the services of the demo, and how the gateway knows them.
type outside struct {
	catalogue                  []*catalogue.Service
	tax, town, library, health http.Handler
}

// The protocols of the services, as demo.json names them.
const (
	openIDConnect = "oidc"
	samlTwo       = "saml"
)

// services makes the services at their doors and describes them.
func (d *Demo) services(open doors, ring *keys.Ring) (outside, error) {
	config := func(p services.Party, url string) services.Config {
		return services.Config{Party: p, Issuer: d.Issuer, URL: url, Now: d.options.Now, Log: d.options.Log}
	}
	at := func(p services.Party, url string) http.Handler {
		c := config(p, url)
		c.Secret = p.Secret(ring)
		d.Services = append(d.Services, Service{ID: p.ID, Name: p.Name["hu"], URL: url + "/", Protocol: openIDConnect, ClientID: p.ClientID, ClientSecret: c.Secret})
		return services.New(c)
	}
	tax, town, library := open.address(open.tax), open.address(open.town), open.address(open.library)
	world := outside{
		catalogue: services.Catalogue(tax, town, library, ring),
		tax:       at(services.Tax(), tax),
		town:      at(services.Town(), town),
		library:   at(services.Library(), library),
	}
	health, err := services.NewSAML(config(services.Health(), open.address(open.health)))
	if err != nil {
		return outside{}, err
	}
	p := health.Party
	d.Services = append(d.Services, Service{ID: p.ID, Name: p.Name["hu"], URL: health.URL + "/", Protocol: samlTwo, EntityID: health.EntityID()})
	world.health, world.catalogue = health, append(world.catalogue, health.Registration())
	return world, nil
}
