package devices

import (
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/useragent"
	"kapu/internal/web"
)

const minute = time.Minute

// samples puts the page into the gallery, in its states.
func (x *Room) samples() {
	now := x.Broker.Now()
	visitor := &web.Visitor{Name: "Kis Anna"}
	desk := browserKind{useragent.Kind{Browser: "Firefox", System: "Windows", Form: useragent.Computer}}
	phone := browserKind{useragent.Kind{Browser: "Samsung Internet", System: "Android", Form: useragent.Phone}}
	here := session{ID: "1", Kind: desk, Here: true, Since: now.Add(-17 * minute), Seen: now, Method: catalogue.MethodKey(law.TOTP)}
	others := []session{
		{ID: "2", Kind: phone, Since: now.Add(-200 * minute), Seen: now.Add(-4 * minute), Method: catalogue.MethodKey(law.Passkey),
			Services: []string{"Adóhivatal – eBevallás", "Kisfalud – Önkormányzati ügyek"}},
		{ID: "3", Since: now.Add(-40 * minute), Seen: now.Add(-29 * minute), Username: "KisAnnaVállalkozó"},
	}
	known := []remembered{
		{ID: "1", Kind: desk, Here: true, First: now.AddDate(0, -2, -3), Last: now},
		{ID: "2", Kind: phone, First: now.AddDate(0, 0, -20), Last: now.AddDate(0, 0, -1), Username: "KisAnnaVállalkozó"},
	}
	memory := x.Broker.Law.DeviceMemory(now)
	show := func(name string, d pageData) {
		d.Memory = memory
		x.pages.Sample(name, "devices", web.View{Visitor: visitor, Data: d})
	}
	show("devices", pageData{Sessions: append([]session{here}, others...), Others: true, Remembered: known})
	show("devices-alone", pageData{Sessions: []session{here}})
	show("devices-ended", pageData{Done: "devices.done.ended", Sessions: []session{here}, Remembered: known[:1]})
}
