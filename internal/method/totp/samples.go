package totp

import (
	"time"

	"kapu/internal/law"
	"kapu/internal/web"
)

// samples puts the rooms' pages into the gallery.
func (x *Room) samples() {
	const service = "Adóhivatal – eBevallás"
	strip := &web.Strip{Service: service, Mark: web.MarkOf(service), Level: int(law.Substantial)}
	x.signInSamples(strip)
	x.enrolSamples(strip)
	at := time.Date(2026, time.May, 2, 9, 42, 0, 0, time.UTC)
	visitor := &web.Visitor{Name: "Kis Anna"}
	x.pages.Sample("plus", "plus", web.View{Visitor: visitor, Data: plusData{Since: at.AddDate(0, -2, 0), LastUsed: at}})
	x.pages.Sample("plus-fresh", "plus", web.View{Visitor: visitor, Data: plusData{Since: at}})
}

func (x *Room) signInSamples(strip *web.Strip) {
	p := x.params()
	typed := func(code, key string, args ...any) *web.Form {
		f := web.NewForm(map[string]string{"code": code})
		f.Fail("code", key, args...)
		return f
	}
	code := func(name string, form *web.Form) {
		x.pages.Sample(name, "signin", web.View{Strip: strip, Form: form, Data: signInData{p, "/", "/"}})
	}
	code("signin", nil)
	code("signin-wrong", typed("123 456", "totp.signin.wrong", "Digits", p.Digits))
	code("signin-used", typed("123 456", "totp.signin.used"))
	code("signin-wait", typed("123 456", "totp.wait", "Wait", 30*time.Second))
	x.pages.Sample("remove", "remove", web.View{Strip: strip, Data: removeData{BackURL: "/"}})
	x.pages.Sample("remove-mistyped", "remove", web.View{Strip: strip, Form: typed("V66P-438H-RD3M-WLHA", "totp.remove.mistyped"), Data: removeData{BackURL: "/"}})
	x.pages.Sample("remove-wrong", "remove", web.View{Strip: strip, Form: typed("V66P-438H-RD3M-WLHA-PP3R", "totp.remove.wrong"), Data: removeData{BackURL: "/"}})
	x.pages.Sample("removed", "removed", web.View{Strip: strip, Data: removeData{EnrolURL: "/"}})
}

func (x *Room) enrolSamples(strip *web.Strip) {
	p := x.params()
	data, err := setUpData(Secret{}, "KisAnna", x.Broker.Shell.Text(web.Hungarian, "totp.enrol.qr"), p)
	if err != nil {
		panic(err) // the sample's name fits into any QR code
	}
	again := data
	again.Replaces = true
	wrong := web.NewForm(map[string]string{"code": "123456"})
	wrong.Fail("code", "totp.enrol.wrong", "Digits", p.Digits)
	unkept := web.NewForm(nil)
	unkept.Fail("kept", "totp.keep.missing")
	shown := keepData{NewRemovalCode().Text()}
	x.pages.Sample("enrol", "enrol", web.View{Strip: strip, Data: data})
	x.pages.Sample("enrol-wrong", "enrol", web.View{Form: wrong, Data: data})
	x.pages.Sample("enrol-replace", "enrol", web.View{Data: again})
	x.pages.Sample("keep", "keep", web.View{Strip: strip, Data: shown})
	x.pages.Sample("keep-missing", "keep", web.View{Form: unkept, Data: shown})
}
