package mandate

import (
	"errors"
	"slices"
	"time"

	"kapu/internal/store"
)

// Act is what somebody does with a mandate.
type Act string

// The acts.
const (
	Accept   Act = "accept"   // the representative says yes to an offer
	Refuse   Act = "refuse"   // one of the two says no to the other
	Confirm  Act = "confirm"  // the principal says yes to who accepted: it is in force
	Withdraw Act = "withdraw" // the principal takes back what nobody has accepted
	End      Act = "end"      // one of the two, or the end of an account
	Lapse    Act = "lapse"    // its time in a state is over
)

// Role is what somebody is to a mandate.
type Role string

// The roles. The last two are nobody's: what they do follows from time and law.
const (
	Principal      Role = "principal"
	Representative Role = "representative"
	Time           Role = "time"
	Account        Role = "account" // that of one of the two has ended
)

// Actor is who acts, and as what.
type Actor struct {
	Role   Role
	Person string // of the first two roles
}

// Why something cannot be.
var (
	ErrServices = errors.New("mandate: no service, or one that takes no mandates")
	ErrUntil    = errors.New("mandate: for no time, or for longer than the law lets it be")
	ErrMany     = errors.New("mandate: as many as the law lets one person have")
	ErrOwn      = errors.New("mandate: for oneself")
	ErrStranger = errors.New("mandate: somebody else's")
	ErrState    = errors.New("mandate: not as it stands")
	ErrLate     = errors.New("mandate: its time is over")
)

// Terms are the law and the catalogue at a moment, and what the principal has already.
type Terms struct {
	Now     time.Time
	Longest time.Duration // for which one is given
	Answer  time.Duration // for each of the two to answer
	Open    int           // offers that one person may have waiting
	Most    int           // mandates of one person that may be in force
	Takes   func(service string) bool
	Given   []store.Mandate // all of the principal's
}

// waits tells whether a mandate needs somebody's answer.
func waits(m store.Mandate) bool {
	return m.State == store.MandateOffered || m.State == store.MandateAccepted
}

// Lives tells whether a mandate gives rights, or may come to.
func Lives(m store.Mandate) bool { return waits(m) || m.State == store.MandateInForce }

// Offer is what a principal offers, checked; it is for nobody yet.
func Offer(m store.Mandate, t Terms) (store.Mandate, error) {
	open := slices.DeleteFunc(slices.Clone(t.Given), func(m store.Mandate) bool { return !waits(m) })
	slices.Sort(m.Services)
	m.Services = slices.Compact(m.Services)
	switch {
	case len(m.Services) == 0 || slices.ContainsFunc(m.Services, func(s string) bool { return !t.Takes(s) }):
		return m, ErrServices
	case !m.Until.After(t.Now) || m.Until.After(t.Now.Add(t.Longest)):
		return m, ErrUntil
	case len(open) >= t.Open:
		return m, ErrMany
	}
	m.State, m.Representative, m.EndedBy = store.MandateOffered, "", ""
	m.Due = earlier(t.Now.Add(t.Answer), m.Until)
	return m, nil
}

// move is where an act leads, and who may do it.
type move struct {
	to    store.MandateState
	roles []Role
}

// moves are all the ways there are. What is not here is over.
var moves = map[store.MandateState]map[Act]move{
	store.MandateOffered: {
		Accept:   {store.MandateAccepted, []Role{Representative}},
		Refuse:   {store.MandateRefused, []Role{Representative}},
		Withdraw: {store.MandateWithdrawn, []Role{Principal}},
		Lapse:    {store.MandateLapsed, []Role{Time}},
		End:      {store.MandateEnded, []Role{Account}},
	},
	store.MandateAccepted: {
		Confirm: {store.MandateInForce, []Role{Principal}},
		Refuse:  {store.MandateRefused, []Role{Principal, Representative}},
		Lapse:   {store.MandateLapsed, []Role{Time}},
		End:     {store.MandateEnded, []Role{Account}},
	},
	store.MandateInForce: {
		End:   {store.MandateEnded, []Role{Principal, Representative, Account}},
		Lapse: {store.MandateExpired, []Role{Time}},
	},
}

// Step is a mandate after an act by somebody.
func Step(m store.Mandate, act Act, by Actor, t Terms) (store.Mandate, error) {
	way, known := moves[m.State][act]
	if !known || !slices.Contains(way.roles, by.Role) {
		return m, ErrState
	}
	if err := belongs(m, by); err != nil {
		return m, err
	}
	over := !t.Now.Before(m.Due)
	switch {
	case act == Lapse && !over:
		return m, ErrState
	case act != Lapse && act != End && over:
		return m, ErrLate
	case act == Confirm && inForce(t.Given) >= t.Most:
		return m, ErrMany
	}
	m.State, m.Code = way.to, "" // a code is good for one answer
	switch way.to {
	case store.MandateAccepted:
		m.Representative, m.Due = by.Person, earlier(t.Now.Add(t.Answer), m.Until)
	case store.MandateInForce:
		m.Due = m.Until
	default:
		m.EndedBy = string(by.Role)
	}
	return m, nil
}

// belongs tells whether somebody is to a mandate what they act as.
func belongs(m store.Mandate, by Actor) error {
	switch {
	case by.Role == Time, by.Role == Account:
		return nil
	case by.Person == "":
		return ErrStranger
	case by.Role == Principal && by.Person != m.Principal:
		return ErrStranger
	case by.Role == Representative && by.Person == m.Principal:
		return ErrOwn
	case by.Role == Representative && m.State != store.MandateOffered && by.Person != m.Representative:
		return ErrStranger
	}
	return nil
}

func inForce(all []store.Mandate) (n int) {
	for _, m := range all {
		if m.State == store.MandateInForce {
			n++
		}
	}
	return n
}

// Gives tells whether a mandate lets somebody act for its principal at a service
// now. Whether the principal's account still counts is for the store to know.
func Gives(m store.Mandate, representative, service string, t Terms) bool {
	return m.State == store.MandateInForce && t.Now.Before(m.Until) && representative != "" && representative == m.Representative &&
		representative != m.Principal && slices.Contains(m.Services, service) && t.Takes(service)
}

// RoleOf is what a person is to a mandate; "" for nothing.
func RoleOf(m store.Mandate, person string) Role {
	switch person {
	case "":
		return ""
	case m.Principal:
		return Principal
	case m.Representative:
		return Representative
	}
	return ""
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
