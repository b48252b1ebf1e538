package provisional

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

// price is what the next registration costs a visitor.
type price struct {
	Bits int           // zero bits to compute
	Wait time.Duration // to wait instead
}

// mostDoublings bounds the price: 32 times the usual one, some ten minutes of
// waiting or half a minute of a telephone's computing. Beyond it the crowd would
// be shut out by whoever pretends to be a crowd.
const mostDoublings = 5

// priceAt is the price at a mail domain that so many registrations were begun at
// today. Half the country has its mail at one of a few providers, so that their
// limit cannot be a refusal: one spammer would lock all their customers out. It
// is where the price begins to grow, doubling whenever the number doubles. So
// who registers thousands pays for each in proportion to all before, and an
// ordinary visitor on such a day waits a little.
func priceAt(table law.Table, now time.Time, begun int64) price {
	p := price{table.ProvisionalWorkBits(now), table.ProvisionalWait(now)}
	limit := int64(table.ProvisionalPerMailDomain(now))
	for n := 0; n < mostDoublings && begun >= limit; n++ {
		p.Bits, p.Wait, begun = p.Bits+1, p.Wait*2, begun/2
	}
	return p
}

// The things that are counted, by day.
const (
	byNetwork = "network" // registrations begun from a network address
	byMailbox = "mailbox" // letters sent to an e-mail address
	byDomain  = "domain"  // letters sent to a mail domain
	byTries   = "tries"   // usernames tried from a network address
)

// triesEach is how many usernames a visitor may try for each registration that
// the network's limit allows: the answer tells who has one.
const triesEach = 6

// countLife outlives the day that the key names.
const countLife = 2 * day

// counter is the key of a count of the day. It names nobody (keys.Ring.Digest).
func (x *Room) counter(kind, name string) string {
	today := law.Day(x.Broker.Now()).String()
	return "provisional/" + kind + "/" + x.Broker.Ring.Digest("provisional/"+kind, today+" "+name)
}

// count adds one, and says how many there are today.
func (x *Room) count(ctx context.Context, kind, name string) (int64, error) {
	return x.Broker.Volatile.Increment(ctx, x.counter(kind, name), countLife)
}

// counted is how many there are today.
func (x *Room) counted(ctx context.Context, kind, name string) (int64, error) {
	raw, found, err := x.Broker.Volatile.Get(ctx, x.counter(kind, name))
	if err != nil || !found {
		return 0, err
	}
	return strconv.ParseInt(string(raw), 10, 64)
}

// crowded says on the form what stands against one more registration, and
// whether tomorrow it no longer will. A username that is taken costs a try, not a registration.
func (x *Room) crowded(r *http.Request, form *web.Form, d wanted) (full bool, err error) {
	ctx := r.Context()
	limit := int64(x.Broker.Law.ProvisionalPerAddress(x.Broker.Now()))
	network := x.network(r)
	if over, err := x.over(ctx, byTries, network, limit*triesEach); err != nil || over {
		form.Fail("", "provisional.data.network")
		return true, err
	}
	if isTaken, err := x.isTaken(ctx, d.Username); err != nil || isTaken {
		form.Fail("username", "provisional.data.taken")
		return false, err
	}
	if over, err := x.over(ctx, byNetwork, network, limit); err != nil || over {
		form.Fail("", "provisional.data.network")
		return true, err
	}
	over, err := x.over(ctx, byMailbox, mailbox(d.Email), limit)
	if over {
		form.Fail("email", "provisional.data.mailbox")
		return true, err
	}
	if err == nil {
		_, err = x.count(ctx, byDomain, mailDomain(d.Email))
	}
	return false, err
}

// over counts one more, and says whether it is beyond the limit of the day.
func (x *Room) over(ctx context.Context, kind, name string, limit int64) (bool, error) {
	n, err := x.count(ctx, kind, name)
	return n > limit, err
}

func (x *Room) isTaken(ctx context.Context, u identity.Username) (isTaken bool, err error) {
	err = x.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		isTaken, err = tx.UsernameTaken(u)
		return err
	})
	return isTaken, err
}

// price is what a registration at the mail domain of an address costs now.
func (x *Room) price(ctx context.Context, e identity.Email) (price, error) {
	begun, err := x.counted(ctx, byDomain, mailDomain(e))
	return priceAt(x.Broker.Law, x.Broker.Now(), begun), err
}

// mailbox is where the letters to an address arrive: what follows a plus is the
// owner's own note at most providers.
func mailbox(e identity.Email) string {
	local, domain, _ := strings.Cut(e.Canonical(), "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}

// domainLabels is how many labels of a mail domain are counted as one provider:
// whoever owns a domain makes names below it for nothing. Where a country sells
// names below a second level (co.uk) its people share a count; as it only slows,
// that does less harm than a list of such places would that is out of date.
const domainLabels = 2

func mailDomain(e identity.Email) string {
	_, domain, _ := strings.Cut(e.Canonical(), "@")
	labels := strings.Split(domain, ".")
	return strings.Join(labels[max(0, len(labels)-domainLabels):], ".")
}

// network is what of the visitor's address is counted.
func (x *Room) network(r *http.Request) string { return throttle.Network(x.Broker.Address(r)) }

// untilTomorrow is how long the counts of today last.
func (x *Room) untilTomorrow() time.Duration {
	now := x.Broker.Now()
	return law.Day(now).AddDays(1).In(law.Budapest).Sub(now)
}
