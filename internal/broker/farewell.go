package broker

import (
	"net/http"
	"slices"
	"strconv"

	"kapu/internal/catalogue"
	"kapu/internal/web"
)

// parted are the services of a session that has ended, by how they hear of it.
// It waits, sealed, for a visitor who is led from service to service. Lists hold
// ids.
type parted struct {
	SignedIn bool     `json:"i,omitempty"`
	Walk     []string `json:"w,omitempty"` // the browser goes there
	Done     []string `json:"d,omitempty"`
	Told     []string `json:"t,omitempty"`
	Asked    []string `json:"a,omitempty"`
	Open     []string `json:"o,omitempty"`
	Frames   []string `json:"f,omitempty"`
	After    After    `json:"g"`
}

// parted sorts the services of a session that has ended. The one at which the
// visitor signs out needs no reminder of itself.
func (b *Broker) parted(c Current, by *catalogue.Service) parted {
	d := parted{SignedIn: c.Session.Account() != ""}
	for _, visit := range c.Session.Visits {
		s := b.Catalogue.Service(visit.Service)
		if s == nil {
			continue
		}
		p, itself := b.parting(c.Session, s), by != nil && by.ID == s.ID
		if p.Frame != "" {
			d.Frames = append(d.Frames, p.Frame)
		}
		list := &d.Open
		switch {
		case p.Told:
			list = &d.Told
		case p.Frame != "":
			list = &d.Asked
		case itself:
			continue
		case p.Walk:
			list = &d.Walk
		}
		*list = append(*list, s.ID)
	}
	return d
}

// farewellPurpose seals what waits for a visitor who is led from service to service.
const farewellPurpose = "farewell"

// part leads the visitor to the services that must be told so, and says goodbye.
func (b *Broker) part(w http.ResponseWriter, r *http.Request, c Current, d parted) error {
	door := b.walker()
	if len(d.Walk) == 0 || door == nil {
		return b.sayGoodbye(w, r, d)
	}
	rest, err := b.Ring.SealValue(farewellPurpose, d)
	if err != nil {
		return err
	}
	return door.Walk(w, r, c.Session, d.Walk, rest)
}

// Walked says goodbye to a visitor whom a door has led from service to service:
// the rest is what it was given, the answered are the ids of the services that
// have said that the session is over there.
func (b *Broker) Walked(w http.ResponseWriter, r *http.Request, rest string, answered []string) error {
	var d parted
	if !b.Ring.UnsealValue(farewellPurpose, rest, &d) {
		return web.Expired("")
	}
	for _, id := range d.Walk {
		if slices.Contains(answered, id) {
			d.Done = append(d.Done, id)
		} else {
			d.Open = append(d.Open, id)
		}
	}
	return b.sayGoodbye(w, r, d)
}

// framesTime is how many seconds the services' frames have to load before the
// browser goes on by itself. Whoever is quicker has a link.
const framesTime = 3

func (b *Broker) sayGoodbye(w http.ResponseWriter, r *http.Request, d parted) error {
	after := d.After.All
	if len(d.Open) > 0 {
		after = d.After.Some
	}
	if after != "" && len(d.Frames)+len(d.Open) == 0 {
		return b.goOn(w, r, d, after)
	}
	for _, frame := range d.Frames {
		web.AllowFrame(w, frame)
	}
	if after != "" && len(d.Open) == 0 {
		w.Header().Set("Refresh", strconv.Itoa(framesTime)+";url="+after)
	}
	r = r.WithContext(web.WithVisitor(r.Context(), web.Visitor{}))
	page := farewell{SignedIn: d.SignedIn, Frames: d.Frames, After: after}
	page.Done, page.Told, page.Asked, page.Open = b.namesOf(r, d.Done), b.namesOf(r, d.Told), b.namesOf(r, d.Asked), b.namesOf(r, d.Open)
	b.pages.Show(w, r, http.StatusOK, "signedout", web.View{Data: page})
	return nil
}

// goOn leads the visitor on. Where services have led them here, nobody knows by
// whose form.
func (b *Broker) goOn(w http.ResponseWriter, r *http.Request, d parted, after string) error {
	if len(d.Walk) > 0 {
		return b.Shell.GoOn(w, r, web.ToSignOut, after)
	}
	return web.SeeOther(w, r, after)
}

// namesOf are the services' names, of those that there still are.
func (b *Broker) namesOf(r *http.Request, ids []string) (names []string) {
	for _, id := range ids {
		if s := b.Catalogue.Service(id); s != nil {
			names = append(names, nameIn(r, s))
		}
	}
	return names
}
