package recovery

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"kapu/internal/throttle"
	"kapu/internal/web"
)

const (
	// mostAtOnce is how many requests are worked on at once, and busyRetry what
	// those beyond are asked to wait.
	mostAtOnce = 32
	busyRetry  = 5 * time.Second
	// workTimeout is how long one of them may take.
	workTimeout = 30 * time.Second
)

// ask takes a request about something that was typed, and has the work done
// apart from the answer, whose time would otherwise tell whether there was
// anything to do. Every request counts, for there is no wrong one: a wait above
// zero means that there were too many, and nothing is done.
func (x *Room) ask(r *http.Request, about string, work func(context.Context) error) (wait time.Duration, err error) {
	select {
	case x.slots <- struct{}{}:
	default:
		return 0, web.Busy(busyRetry)
	}
	if wait, err = x.count(r, about); err != nil || wait > 0 {
		<-x.slots
		return wait, err
	}
	whole := context.WithoutCancel(r.Context())
	x.apart(func() {
		defer func() { <-x.slots }()
		ctx, cancel := context.WithTimeout(whole, workTimeout)
		defer cancel()
		if err := work(ctx); err != nil {
			x.Log.Error("recovery not carried out", "cause", err)
		}
	})
	return 0, nil
}

// count lets a request through unless too many came before it from the same
// network, about the same or about many. Those of strangers elsewhere make nobody
// wait: there is nothing to guess here, and letters have a limit of their own.
func (x *Room) count(r *http.Request, about string) (wait time.Duration, err error) {
	address := x.Broker.Address(r)
	about += " " + throttle.Network(address)
	a := x.Gate.Attempt(about, address, false)
	wait, err = a.Begin(r.Context())
	if err != nil || wait > 0 {
		return wait, err
	}
	return 0, a.Failed(r.Context())
}

// refuseWait says on the form how long to wait; the status to show it with.
func refuseWait(w http.ResponseWriter, form *web.Form, wait time.Duration) int {
	web.RetryAfter(w, wait)
	form.Fail("", "recovery.wait", "Wait", wait)
	return http.StatusTooManyRequests
}

// mostLetters is how many letters go to one mailbox in the time that a link
// lives, so that nobody's mailbox can be filled from here. The last of them
// works until the next may be sent.
const mostLetters = 3

// may tells whether another letter may go to a mailbox, and counts it. Periods
// follow one another at fixed times, so that no stranger can make one longer.
func (x *Room) may(ctx context.Context, mailbox string) (bool, error) {
	now := x.Broker.Now()
	period := x.Broker.Law.ResetLife(now)
	key := fmt.Sprintf("recover/%s/%d", x.Broker.Ring.Digest("recover/mailbox", mailbox), now.UnixNano()/int64(period))
	sent, err := x.Broker.Volatile.Increment(ctx, key, period)
	return sent <= mostLetters, err
}
