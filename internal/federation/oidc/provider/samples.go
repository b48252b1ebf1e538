package provider

import (
	"kapu/internal/web"
)

// samples puts the door's pages into the gallery.
func (p *Provider) samples() {
	const service = "Adóhivatal – eBevallás"
	p.pages.Sample("end", "end", web.View{Data: endData{Service: service}})
	p.pages.Sample("end-nobody", "end", web.View{Data: endData{}})
}
