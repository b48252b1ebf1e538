package demo

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/identity"
	"kapu/internal/method/totp"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// pages adds the demo's own pages to the gateway.
func (d *Demo) pages(mux *http.ServeMux, shell *web.Shell) {
	p := pages{d, shell.Pages("demo", files)}
	shell.Handle(mux, "GET /demo", p.start)
	shell.Handle(mux, "GET /demo/people", p.people)
	shell.Handle(mux, "GET /demo/app", p.app)
	shell.Handle(mux, "POST /demo/app", p.app)
	shell.Handle(mux, "POST /demo/register", p.toggle)
	shell.Handle(mux, "POST /demo/sandbox", p.sandbox)
	d.Mailbox.Mount(mux, shell, "/inbox")
	p.samples()
	gallery := shell.Gallery()
	mux.Handle("GET /gallery", gallery)
	mux.Handle("GET /gallery/", gallery)
}

type pages struct {
	demo  *Demo
	pages *web.Pages
}

type startData struct {
	*Description
	Citizens []Login // one of each situation
	Callers  []Login // who have a telephone identifier
	Down     bool    // the register
}

// start is the demo's first page: who you can be and what to try.
func (p pages) start(w http.ResponseWriter, r *http.Request) error {
	p.pages.Show(w, r, http.StatusOK, "start", web.View{Data: p.demo.startData()})
	return nil
}

func (d *Demo) startData() startData {
	data := startData{Description: &d.Description, Down: d.Population.Down()}
	for _, c := range d.Citizens {
		if !slices.ContainsFunc(data.Citizens, func(other Login) bool { return other.Situation == c.Situation }) {
			data.Citizens = append(data.Citizens, c)
		}
		if c.Phone != "" {
			data.Callers = append(data.Callers, c)
		}
	}
	return data
}

// peopleShown is how many of the register the page lists: all the named ones
// and a few of the crowd.
const peopleShown = 40

func (p pages) people(w http.ResponseWriter, r *http.Request) error {
	people, err := p.demo.unregistered(r.Context(), peopleShown)
	if err != nil {
		return err
	}
	p.pages.Show(w, r, http.StatusOK, "people", web.View{Data: people})
	return nil
}

// appData is what the authenticator page shows.
type appData struct {
	Code    string
	Left    time.Duration // until the next code
	Key     string
	Choices []Login
}

// app stands in for an authenticator app: it shows the code of a key.
func (p pages) app(w http.ResponseWriter, r *http.Request) error {
	data := appData{}
	for _, l := range slices.Concat(p.demo.Clerks, p.demo.Citizens) {
		if l.TOTPSecret != "" {
			data.Choices = append(data.Choices, l)
		}
	}
	data.Choices = data.Choices[:min(shownApps, len(data.Choices))]
	if r.Method == http.MethodGet {
		p.pages.Show(w, r, http.StatusOK, "app", web.View{Data: data})
		return nil
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "key", Max: 80}, web.Field{Name: "chosen", Max: 80})
	if err != nil {
		return err
	}
	if chosen := form.Value("chosen"); chosen != "" {
		form.Set("key", chosen)
	}
	secret, err := totp.ParseSecret(form.Value("key"))
	if err != nil {
		form.Fail("key", "demo.app.bad")
		p.pages.Show(w, r, http.StatusUnprocessableEntity, "app", web.View{Form: form, Data: data})
		return nil
	}
	now := p.demo.options.Now()
	digits, period, skew := p.demo.law.TOTP(now)
	data.Code = totp.Code(secret, now, totp.Params{Digits: digits, Period: period, Skew: skew})
	data.Left = period - time.Duration(now.UnixNano())%period
	p.pages.Show(w, r, http.StatusOK, "app", web.View{Form: form, Data: data})
	return nil
}

// shownApps is how many ready-made people the authenticator page offers.
const shownApps = 6

// toggle takes the population register down, or brings it back.
func (p pages) toggle(w http.ResponseWriter, r *http.Request) error {
	p.demo.Population.SetDown(!p.demo.Population.Down())
	return web.SeeOther(w, r, "/demo")
}

// sandbox opens the sandbox of a service of the demo: whoever is here is its operator.
func (p pages) sandbox(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "service", Max: 64})
	if err != nil {
		return err
	}
	id := form.Value("service")
	if !slices.ContainsFunc(p.demo.Services, func(s Service) bool { return s.ID == id && s.Protocol == openIDConnect }) {
		return web.NotFound()
	}
	return p.demo.App.AdmitToSandbox(w, r, id)
}

// unregistered are people of the register who have no account now: the first
// so many, the named ones before the crowd.
func (d *Demo) unregistered(ctx context.Context, most int) (people []Entry, err error) {
	err = d.App.DB.View(ctx, func(tx *store.Tx) error {
		for _, e := range d.Population.People() {
			if len(people) == most {
				break
			}
			switch _, err := tx.PersonByReference(string(e.Reference)); {
			case errors.Is(err, store.ErrNotFound):
				people = append(people, describe(e))
			case err != nil:
				return err
			}
		}
		return nil
	})
	return people, err
}

func describe(e population.Entry) Entry {
	var document identity.Document
	if len(e.Documents) > 0 {
		document = e.Documents[0].Document
	}
	return Entry{
		Situation: string(e.Situation), Sentence: map[string]string{"hu": e.Situation.Sentence("hu"), "en": e.Situation.Sentence("en")},
		CurrentName: e.Person.CurrentName, BirthName: e.Person.BirthName, MotherBirthName: e.Person.MotherBirthName,
		BirthPlace: e.Person.BirthPlace, BirthDate: e.Person.BirthDate, Nationality: e.Person.Nationality, Address: e.Person.Address,
		Document: document, PersonalID: string(e.Person.PersonalID), TaxNumber: string(e.Person.TaxNumber), TAJ: string(e.Person.TAJ),
	}
}

// samples puts the demo's pages into the gallery, with data of their own.
func (p pages) samples() {
	login := Login{Name: "Kiss Anna", Username: "KissAnna", Password: Password, State: stateActive, Situation: "ugyfelkapu-plus", Email: "kissanna@posta.example", TaxNumber: "8412340567"}
	caller := Login{Name: "Ács Rebeka", Username: "ÁcsRebeka", Password: Password, State: stateActive, Situation: "telephone", Email: "acsrebeka@posta.example", Phone: "40719362"}
	clerk := Login{Name: "Nagy Péter", Username: "NagyPeter", Password: Password, State: stateActive, Situation: "clerk"}
	sample := Description{Issuer: "/", Portal: "/", Office: "/office", Inbox: "/inbox", Gallery: "/gallery", Telephone: "sip:1818@127.0.0.1:8086",
		Services: []Service{{ID: "demo-tax", Name: "Adóhivatal – eBevallás", URL: "/", Protocol: openIDConnect}}, Clerks: []Login{clerk}}
	p.pages.Sample("start", "start", web.View{Data: startData{Description: &sample, Citizens: []Login{login, caller}, Callers: []Login{caller}}})
	p.pages.Sample("start-register-down", "start", web.View{Data: startData{Description: &sample, Citizens: []Login{login, caller}, Callers: []Login{caller}, Down: true}})
	p.pages.Sample("people", "people", web.View{Data: []Entry{describe(population.New(population.Options{Size: 21}).People()[0])}})
	p.pages.Sample("app", "app", web.View{Data: appData{Choices: []Login{login}}})
	p.pages.Sample("app-code", "app", web.View{Form: web.NewForm(map[string]string{"key": "JBSW Y3DP EHPK 3PXP"}), Data: appData{Code: "123456", Left: 12 * time.Second}})
}
