package talk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/phone"
	"kapu/internal/telephone/menu"
)

// told is how many of the last identifications a caller hears.
const told = 5

// answer does what the menu asks.
func (c *conversation) answer(ctx context.Context, request menu.Request) menu.Answer {
	a, err := c.do(ctx, request)
	if err == nil {
		return a
	}
	return c.fault(request, err)
}

func (c *conversation) do(ctx context.Context, request menu.Request) (a menu.Answer, err error) {
	switch r := request.(type) {
	case menu.Open:
		c.asked, err = c.Register.Begin(ctx, r.Identifier)
		return menu.Answer{Outcome: menu.Done, Positions: c.asked.Positions}, err
	case menu.Check:
		return c.check(ctx, r)
	case menu.Remind:
		c.reminders, err = c.Register.BeginReminders(ctx, c.asked.Identifier)
		return menu.Answer{Outcome: menu.Done, Questions: questions(c.reminders)}, err
	case menu.Unlock:
		return c.unlock(ctx, r)
	case menu.Change:
		after, err := c.Register.Change(ctx, c.holder, r.Password)
		if err == nil {
			c.holder = after
		}
		return menu.Answer{Outcome: menu.Done}, err
	case menu.Recall:
		return c.recall(ctx)
	case menu.List:
		return c.list(ctx)
	case menu.Decide:
		return c.decide(ctx, r)
	case menu.Code:
		a.Outcome = menu.Done
		a.Code, _, err = c.Register.Spoken(ctx, c.holder)
		return a, err
	case menu.Find:
		a.Outcome = menu.Done
		d, office, err := c.Register.FindDesk(ctx, r.Number)
		c.desk, a.Office = d, string(office.Kind)
		return a, err
	case menu.Show:
		return menu.Answer{Outcome: menu.Done}, c.Register.Show(ctx, c.holder, c.desk)
	}
	return a, fmt.Errorf("talk: %T is no request", request)
}

// fault is the answer for an error: what a caller can do something about, or a fault
// of ours, told by a code that stands in the log beside the cause.
func (c *conversation) fault(request menu.Request, err error) menu.Answer {
	invalid := &identity.Invalid{}
	switch {
	case errors.Is(err, phone.ErrGone):
		return menu.Answer{Outcome: menu.Gone}
	case errors.Is(err, phone.ErrDesk):
		return menu.Answer{Outcome: menu.None}
	case errors.Is(err, phone.ErrBusy):
		return menu.Answer{Outcome: menu.Later, Minutes: 1}
	case errors.Is(err, disposition.ErrSame):
		return menu.Answer{Outcome: menu.Done}
	case errors.Is(err, disposition.ErrOwn), errors.Is(err, disposition.ErrTooWeak), errors.Is(err, disposition.ErrDesk):
		return menu.Answer{Outcome: menu.Refused}
	case errors.As(err, &invalid):
		return menu.Answer{Outcome: menu.Weak}
	}
	var code [2]byte
	_, _ = rand.Read(code[:]) // never fails
	name := strings.ToUpper(hex.EncodeToString(code[:]))
	c.Log.Error("telephone: a request failed", "fault", name, "request", fmt.Sprintf("%T", request), "cause", err)
	return menu.Answer{Outcome: menu.Failed, Fault: name}
}

func (c *conversation) check(ctx context.Context, r menu.Check) (menu.Answer, error) {
	a, err := c.Register.Check(ctx, c.asked, r.Digits, c.line)
	if err != nil {
		return menu.Answer{}, err
	}
	c.asked, c.holder = a.Asked, a.Holder
	_, digits := c.Law.TelephoneDigits(c.Now())
	answer := menu.Answer{Outcome: outcome(a.Verdict), Digits: digits, Minutes: minutes(a.Wait), Positions: a.Asked.Positions}
	if a.Verdict == phone.Right {
		answer.Last = a.Holder.Calls == 0
		if a.Holder.First {
			answer.Outcome = menu.First
		}
	}
	return answer, nil
}

// decide forbids or allows a method, and goes on with who is identified: others' sessions end.
func (c *conversation) decide(ctx context.Context, r menu.Decide) (menu.Answer, error) {
	change := c.Register.Allow
	if r.Forbid {
		change = c.Register.Forbid
	}
	after, err := change(ctx, c.holder, r.Method)
	if err == nil {
		c.holder = after
	}
	return menu.Answer{Outcome: menu.Done}, err
}

func (c *conversation) unlock(ctx context.Context, r menu.Unlock) (menu.Answer, error) {
	a, err := c.Register.Remind(ctx, c.reminders, r.Answers, c.line)
	if err != nil {
		return menu.Answer{}, err
	}
	c.reminders = a.Asked
	answer := menu.Answer{Outcome: outcome(a.Verdict), Minutes: minutes(a.Wait), Questions: questions(a.Asked)}
	if a.Verdict == phone.Right {
		answer.Outcome = menu.Done
	}
	return answer, nil
}

// outcome is a verdict in the menu's words.
func outcome(v phone.Verdict) menu.Outcome {
	if known, ok := map[phone.Verdict]menu.Outcome{
		phone.Right: menu.Right, phone.Later: menu.Later, phone.Moved: menu.Moved,
		phone.Lapsed: menu.Lapsed, phone.Paused: menu.Paused, phone.Forbidden: menu.Shut,
	}[v]; ok {
		return known
	}
	return menu.Wrong
}

// minutes is a time to wait, whole minutes that are enough.
func minutes(wait time.Duration) int { return int((wait + time.Minute - 1) / time.Minute) }

func questions(asked phone.Asked) (all []menu.Reminder) {
	for _, n := range asked.Positions {
		all = append(all, menu.Reminder{Number: n, Date: phone.Forms[n-1] == phone.Date})
	}
	return all
}

// recall tells the last identifications, in the time of Budapest.
func (c *conversation) recall(ctx context.Context) (menu.Answer, error) {
	last, err := c.Register.Last(ctx, c.holder, told)
	if err != nil || len(last) == 0 {
		return menu.Answer{Outcome: menu.None}, err
	}
	a, thisYear := menu.Answer{Outcome: menu.Done}, law.Day(c.Now()).Year
	for _, i := range last {
		day, at := law.Day(i.At), i.At.In(law.Budapest)
		p := menu.Past{Month: int(day.Month), Day: day.Day, Hour: at.Hour(), Minute: at.Minute(), Kind: c.kind(i.Service), Method: i.Method}
		if day.Year != thisYear {
			p.Year = day.Year
		}
		a.Past = append(a.Past, p)
	}
	return a, nil
}

// kind is the kind of a service; "" for none, other for one that is gone.
func (c *conversation) kind(service string) string {
	if service == "" {
		return ""
	}
	if s := c.Catalogue.Service(service); s != nil {
		return s.KindOf()
	}
	return "other"
}

// list tells the methods, and which of those that are forbidden only another way
// than the telephone opens.
func (c *conversation) list(ctx context.Context) (menu.Answer, error) {
	ways, err := c.Register.Ways(ctx, c.holder)
	a, now := menu.Answer{Outcome: menu.Done}, c.Now()
	for _, w := range ways {
		own := w.Method == law.Phone
		closed := !w.Allowed && (own || c.Law.Level(w.Method, now) > c.Law.Level(law.Phone, now))
		a.Ways = append(a.Ways, menu.Way{Method: w.Method, Forbidden: !w.Allowed, Closed: closed, Own: own})
	}
	return a, err
}
