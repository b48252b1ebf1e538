package talk

import (
	"context"
	"log/slog"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/phone"
	"kapu/internal/telephone"
	"kapu/internal/telephone/menu"
	"kapu/internal/telephone/prompt"
)

// Config is what conversations need.
type Config struct {
	Register  *phone.Register
	Catalogue *catalogue.Catalogue // for the kinds of services
	Law       law.Table
	Now       func() time.Time
	Log       *slog.Logger
}

// Desk opens conversations. It is safe for concurrent use; each of them is for one
// goroutine.
type Desk struct{ Config }

// New returns a desk.
func New(c Config) *Desk { return &Desk{c} }

// Open begins the conversation of a call.
func (d *Desk) Open(call telephone.Call) telephone.Conversation {
	return &conversation{Desk: d, line: phone.Line{Telephone: true, Peer: call.Caller}}
}

// conversation is one call.
type conversation struct {
	*Desk
	line  phone.Line
	state menu.State

	asked     phone.Asked  // positions of the password, of the identifier that was typed
	reminders phone.Asked  // questions, of the same
	holder    phone.Holder // once they are identified
	desk      phone.Desk   // of the clerk whose number was typed
}

// Start implements [telephone.Conversation].
func (c *conversation) Start() []telephone.Action {
	now := c.Now()
	return c.turn(menu.Start(menu.Rules{Identifier: c.Law.TelephoneIdentifierDigits(now), Tries: c.Law.TelephoneTries(now)}))
}

// Digit implements [telephone.Conversation].
func (c *conversation) Digit(key rune) []telephone.Action {
	return c.turn(menu.Next(c.state, menu.Pressed(key)))
}

// Silence implements [telephone.Conversation].
func (c *conversation) Silence() []telephone.Action { return c.turn(menu.Next(c.state, menu.Silent)) }

// HangUp implements [telephone.Conversation]. Nothing of the call is left.
func (c *conversation) HangUp() { *c = conversation{Desk: c.Desk, state: menu.State{Step: menu.Ended}} }

// turn is what the line has to do after a turn of the menu.
func (c *conversation) turn(s menu.State, actions []menu.Action) (all []telephone.Action) {
	c.state = s
	for _, action := range actions {
		switch a := action.(type) {
		case menu.Say:
			all = append(all, spoken(a))
		case menu.Listen:
			all = append(all, telephone.Collect{Timeout: a.For})
		case menu.Ask:
			all = append(all, telephone.Await{Work: func(ctx context.Context) []telephone.Action {
				return c.turn(menu.Next(c.state, menu.Answered(c.answer(ctx, a.Request))))
			}})
		case menu.End:
			all = append(all, telephone.End{})
		}
	}
	return all
}

func spoken(s menu.Say) telephone.Say {
	say := telephone.Say{Firm: s.Firm}
	for _, id := range s.Prompts {
		say.Parts = append(say.Parts, prompt.Sound(s.Lang, id))
	}
	return say
}
