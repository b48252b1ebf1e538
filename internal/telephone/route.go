package telephone

import (
	"errors"

	"github.com/emiago/sipgo/sip"

	"kapu/internal/telephone/message"
	"kapu/internal/telephone/offer"
)

// handle takes one message to where it belongs, or says why not. It runs on
// the reader of a socket, so it never waits.
func (l *Line) handle(data []byte, from path) {
	switch address := from.source().Addr(); {
	case l.gate.trunk(address) == nil:
		l.Counts.refused[stranger].Add(1)
		return
	case !l.gate.message(address):
		l.Counts.refused[flooding].Add(1)
		return
	}
	request, answer, err := message.Read(data)
	var refused *message.Refusal
	switch {
	case errors.As(err, &refused):
		l.refuse(malformed, &refused.Head, refused.Status, from, refused.More...)
	case errors.Is(err, message.ErrPanic):
		l.Counts.Panics.Add(1)
	case err != nil:
		l.Counts.refused[malformed].Add(1)
	case answer != nil:
		l.handleAnswer(answer, from)
	default:
		if d, ok := from.(datagram); ok {
			d.port = request.ReplyPort(d.from.Port())
			from = d
		}
		l.handleRequest(request, from)
	}
}

// refuse answers without keeping anything: the tag comes from the message, so
// that it is the same when it is repeated (RFC 3261, 8.2.7).
func (l *Line) refuse(why refusal, h *message.Head, status int, to path, more ...string) {
	l.Counts.refused[why].Add(1)
	l.answer(h, status, to, more...)
}

func (l *Line) answer(h *message.Head, status int, to path, more ...string) {
	tag := l.digest(h.Top() + "\x00" + h.CallID + "\x00" + h.CSeq)
	_ = to.send(h.Reply(status, to.source(), tag, more, nil)) // who does not hear it asks again
}

// dialogID names a call by what all its messages have.
func dialogID(callID, ours, theirs string) string {
	return callID + "\x00" + ours + "\x00" + theirs
}

func (l *Line) handleAnswer(a *message.Answer, from path) {
	c := l.find(l.calls, dialogID(a.CallID, message.TagOf(a.From), message.TagOf(a.To)))
	if c == nil || l.gate.trunk(from.source().Addr()) != c.trunk {
		l.Counts.refused[unexpected].Add(1)
		return
	}
	c.post(letter{answer: a, from: from})
}

func (l *Line) handleRequest(r *message.Request, from path) {
	if r.Method == sip.OPTIONS {
		l.answer(&r.Head, sip.StatusOK, from, message.Abilities...)
		return
	}
	var c *call
	if ours := message.TagOf(r.Head.To); ours != "" {
		c = l.find(l.calls, dialogID(r.Head.CallID, ours, message.TagOf(r.Head.From)))
	} else if c = l.find(l.invites, inviteKey(r)); c == nil && r.Method == sip.INVITE {
		l.invite(r, from)
		return
	}
	switch {
	case c != nil && l.gate.trunk(from.source().Addr()) == c.trunk:
		c.post(letter{request: r, from: from})
	case r.Method != sip.ACK: // the ACK of a refusal has done its work by coming
		l.refuse(unexpected, &r.Head, sip.StatusCallTransactionDoesNotExists, from)
	}
}

func inviteKey(r *message.Request) string { return r.Top() + "\x00" + r.Head.CallID }

// invite takes a new call, or refuses it before anything is kept.
func (l *Line) invite(r *message.Request, from path) {
	if !l.gate.invite(from.source().Addr()) {
		l.refuse(tooFast, &r.Head, sip.StatusServiceUnavailable, from, "Retry-After: 5")
		return
	}
	trunk := l.gate.trunk(from.source().Addr())
	terms, status := l.terms(r, trunk, from)
	if status != 0 {
		l.refuse(unfit, &r.Head, status, from)
		return
	}
	caller := ""
	if number := r.Asserted(); trunk.Callers && number != "" {
		caller = l.config.Digest(number)
	}
	if !l.gate.hold(trunk, caller) {
		l.refuse(busy, &r.Head, sip.StatusBusyHere, from)
		return
	}
	if c := newCall(l, r, from, trunk, terms, caller); !l.add(c) {
		l.gate.free(trunk, caller)
		l.refuse(busy, &r.Head, sip.StatusServiceUnavailable, from)
	}
}

// terms reads what an INVITE offers, nil if it leaves the offer to us, or says
// with which status it is refused. Sound goes only where the trunk has its
// networks, in the clear only where the trunk allows it, and under keys only
// if these were not told in the clear.
func (l *Line) terms(r *message.Request, trunk *Trunk, from path) (*offer.Offer, int) {
	if len(r.Body()) == 0 {
		if trunk.Secure && from.transport() != "TLS" {
			return nil, sip.StatusForbidden
		}
		return nil, 0
	}
	return checkTerms(r.Body(), trunk, from)
}

func checkTerms(body []byte, trunk *Trunk, from path) (*offer.Offer, int) {
	terms, err := offer.Read(body)
	secure := from.transport() == "TLS"
	switch {
	case errors.Is(err, offer.ErrUnreadable):
		return nil, sip.StatusBadRequest
	case err != nil,
		terms.Remote.IsValid() && !trunk.reaches(terms.Remote),
		terms.Secret != nil && !secure,
		trunk.Secure && terms.Secret == nil:
		return nil, sip.StatusNotAcceptableHere
	case trunk.Secure && !secure:
		return nil, sip.StatusForbidden
	}
	return terms, 0
}
