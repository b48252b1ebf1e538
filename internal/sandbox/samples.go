package sandbox

import (
	"time"

	"kapu/internal/web"
)

// samples puts the pages into the gallery.
func (x *Room) samples() {
	const service = "Adóhivatal – eBevallás"
	add := func(name, page string, f *web.Form, e ...Exchange) {
		x.pages.Sample(name, page, web.View{Form: f, Data: data{Service: service, Exchanges: e}})
	}
	add("enter", "enter", nil)
	wrong := web.NewForm(nil)
	wrong.Fail("code", "sandbox.enter.wrong")
	add("enter-wrong", "enter", wrong)
	add("none", "exchanges", nil)
	add("exchanges", "exchanges", nil, sampleExchanges()...)
}

func sampleExchanges() []Exchange {
	at := time.Date(2026, 3, 2, 9, 42, 0, 0, time.UTC)
	return []Exchange{
		{Number: 3, At: at.Add(time.Second), What: "token", Proof: "client_secret_basic", Wanted: "private_key_jwt", Status: 401,
			Sent:  []Line{{Name: "Authorization", Text: "Basic", Hidden: 64}, {Name: "grant_type", Text: "authorization_code"}, {Name: "code", Hidden: 412}, {Hidden: 7}},
			Fault: &Fault{Code: "invalid_client", Text: "the client is unknown or its credentials are wrong", Section: "RFC 6749, 5.2"}},
		{Number: 2, At: at, What: "answer", Answer: []Line{{Name: "code", Hidden: 412}, {Name: "state", Hidden: 22}, {Name: "iss", Text: "https://kapu.example"}}},
		{Number: 1, At: at.Add(-time.Minute), What: "authorization", Status: 303,
			Sent: []Line{{Name: "client_id", Text: "tax"}, {Name: "redirect_uri", Text: "https://tax.example/return"}, {Name: "state", Hidden: 22}, {Name: "display"},
				{Name: "id_token_hint", Hidden: 812, Token: true, Header: []string{"alg: ES256", "typ: JWT"}, Names: []string{"aud", "exp", "iss", "sub"}, Others: 1}}},
	}
}
