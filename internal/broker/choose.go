package broker

import (
	"net/http"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/web"
)

// leaveRoom is where a visitor turns back to the service.
const leaveRoom = "leave"

// choice is one card of the chooser.
type choice struct {
	Name  law.Method
	Level int  // 1 to 3 dots
	Weak  bool // does not reach what the service needs; shown so that nobody looks for it in vain
	Off   bool // the person has forbidden it here
	None  bool // the account does not have it, and has others
	Last  bool // chosen last on this device
}

// icons of the methods; a method without one is not offered.
var icons = map[law.Method]string{law.TOTP: "lock", law.Passkey: "passkey", law.MailCode: "mail", law.Phone: "phone", law.Password: "user"}

// Icon names the drawing of the card.
func (c choice) Icon() string { return icons[c.Name] }

// Title is the key of the card's name; the line of help is beside it.
func (c choice) Title() string { return "broker.method." + string(c.Name) }

// Help is the key of the card's line of help.
func (c choice) Help() string { return c.Title() + ".help" }

type chooseData struct {
	Choices  []choice
	Service  bool              // a service asks, not one of the gateway's own pages
	Data     []catalogue.Claim // what it is given
	LeaveURL string
}

// choose is the chooser page of the KAÜ: one button a method (R19).
func (b *Broker) choose(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if r.Method == http.MethodPost {
		return b.chosen(w, r, v)
	}
	return b.showChooser(w, r, v, http.StatusOK, nil)
}

func (b *Broker) showChooser(w http.ResponseWriter, r *http.Request, v *Visit, status int, form *web.Form) error {
	leave, err := b.TurnBack(v)
	if err != nil {
		return err
	}
	data := chooseData{Choices: b.choices(r, v), LeaveURL: leave}
	if v.Service != nil {
		data.Service, data.Data = true, v.Service.Claims
	}
	return b.Show(w, r, v, b.pages, status, "choose", web.View{Form: form, Data: data})
}

// choices lists the methods, the one chosen last on this device first, those
// that are too weak at the end. The password alone is offered where it leads
// on: to requesting Ügyfélkapu+.
func (b *Broker) choices(r *http.Request, v *Visit) []choice {
	last := b.device(r).Last
	var found []choice
	forbidden := v.Rules.For(v.Standing.Disposition, v.Transaction.Request.Kind).Forbidden
	for _, m := range b.Rules(b.Now()).Methods {
		off := slices.ContainsFunc(forbidden, func(f authn.Method) bool { return f.Name == m.Name })
		weak := !v.Transaction.Request.Allows(m) && m.Level != law.NoLevel
		if m.Level == law.NoLevel && len(v.Transaction.Request.Methods) > 0 && !v.Transaction.Request.Allows(m) {
			weak = true
		}
		found = append(found, choice{Name: m.Name, Level: int(m.Level), Weak: weak, Off: off, None: v.Standing.Lacks(m), Last: m.Name == last})
	}
	slices.SortStableFunc(found, func(a, z choice) int { return rank(a) - rank(z) })
	return found
}

func rank(c choice) int {
	switch {
	case c.Weak, c.Off, c.None:
		return 2
	case c.Last:
		return 0
	}
	return 1
}

func (b *Broker) chosen(w http.ResponseWriter, r *http.Request, v *Visit) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "method", Max: 32})
	if err != nil {
		return err
	}
	name := law.Method(form.Value("method"))
	for _, c := range b.choices(r, v) {
		if c.Name == name && !c.Weak && !c.Off && !c.None {
			return b.Go(w, r, v, func(t *authn.Transaction) { t.Chosen = name })
		}
	}
	form.Fail("method", "broker.choose.missing")
	return b.showChooser(w, r, v, http.StatusUnprocessableEntity, form)
}

// leave answers the service that the visitor turned back.
func (b *Broker) leave(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return b.Go(w, r, v, func(t *authn.Transaction) {
		if t.Refused == "" {
			t.Refused = authn.ErrDenied
		}
	})
}

type refuseData struct {
	Service  string
	Level    int
	LeaveURL string
}

// refusals are the pages that say why it cannot go on.
var refusals = map[string]string{authn.ErrUnmet: "refuse", authn.ErrForbidden: "forbidden", authn.ErrLocked: "locked"}

// refuse says that no method reaches what the service asks, or that the person
// has forbidden those that would.
func (b *Broker) refuse(w http.ResponseWriter, r *http.Request, v *Visit) error {
	leave, err := b.Way(v, leaveRoom, func(t *authn.Transaction) { t.Refused = v.Step.Error })
	if err != nil {
		return err
	}
	data := refuseData{Service: serviceName(r, v), Level: int(v.Transaction.Request.Level), LeaveURL: leave}
	return b.Show(w, r, v, b.pages, http.StatusForbidden, refusals[v.Step.Error], web.View{Data: data})
}

// otherSelf is the room of those who are signed in, but not as somebody whom the
// service takes: another person than it asked for, or a provisional registration.
// They go on as somebody else, or turn back for the given reason.
func (b *Broker) otherSelf(page, reason string) RoomFunc {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		if r.Method == http.MethodPost {
			if err := b.end(w, r, v.Current, byCitizen); err != nil {
				return err
			}
			v.Session, v.Standing = authn.Session{}, authn.Standing{}
			return b.Go(w, r, v, func(t *authn.Transaction) { t.Chosen = "" })
		}
		leave, err := b.Way(v, leaveRoom, func(t *authn.Transaction) { t.Refused = reason })
		if err != nil {
			return err
		}
		return b.Show(w, r, v, b.pages, http.StatusOK, page, web.View{Data: refuseData{Service: serviceName(r, v), LeaveURL: leave}})
	}
}

func serviceName(r *http.Request, v *Visit) string {
	if v.Service == nil {
		return ""
	}
	return nameIn(r, v.Service)
}

// nameIn is the service's name in the visitor's language.
func nameIn(r *http.Request, s *catalogue.Service) string {
	return catalogue.In(s.Name, string(web.Language(r)))
}
