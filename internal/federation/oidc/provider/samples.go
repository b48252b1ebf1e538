package provider

import (
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/web"
)

// samples puts the door's pages into the gallery.
func (p *Provider) samples() {
	const service = "Adóhivatal – eBevallás"
	p.pages.Sample("refused", "refused", web.View{Data: wire.Refuse(wire.InvalidRequest, "RFC 9700, 4.1.3", "redirect_uri is not one of those registered, to the letter")})
	p.pages.Sample("end", "end", web.View{Data: endData{Service: service}})
	p.pages.Sample("end-nobody", "end", web.View{Data: endData{}})
}
