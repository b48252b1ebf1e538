package phone

import (
	"context"
	"time"

	"kapu/internal/authn"
	"kapu/internal/disposition"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// Way is a method with whether the person lets it identify them.
type Way struct {
	Method  law.Method
	Allowed bool
}

// Ways are all methods, in the order of the chooser. It errs with ErrGone.
func (g *Register) Ways(ctx context.Context, h Holder) (ways []Way, err error) {
	err = g.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := g.held(tx, h); err != nil {
			return err
		}
		d, err := tx.Disposition(h.Person)
		ways = nil
		for _, m := range authn.RulesAt(g.Law, tx.Now).Methods {
			ways = append(ways, Way{m.Name, d.Allows(m, "")})
		}
		return err
	})
	return ways, err
}

// Forbid lets a method identify the person nowhere any more. It ends whatever was
// proved until then, and returns the holder as they go on. Forbidding the telephone
// itself is possible, and ends what the holder may do. It errs with ErrGone and with
// those of package disposition.
func (g *Register) Forbid(ctx context.Context, h Holder, m law.Method) (after Holder, err error) {
	return g.dispose(ctx, h, disposition.Change{Act: disposition.Forbid, Method: m})
}

// Allow lets a method identify the person again, as far as the telephone may say so:
// never itself, and nothing that is stronger than it. It returns and errs as Forbid does.
func (g *Register) Allow(ctx context.Context, h Holder, m law.Method) (after Holder, err error) {
	return g.dispose(ctx, h, disposition.Change{Act: disposition.Allow, Method: m})
}

func (g *Register) dispose(ctx context.Context, h Holder, c disposition.Change) (after Holder, err error) {
	err = g.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := g.held(tx, h); err != nil {
			return err
		}
		self, _ := g.method(tx.Now)
		actor := disposition.Actor{Channel: disposition.Telephone, Method: self}
		_, err := g.Dispositions.Change(tx, h.Person, c, authn.RulesAt(g.Law, tx.Now).Methods, actor)
		after = h
		after.At = tx.Now
		return err
	})
	return after, err
}

// Identification is one of a person's last identifications.
type Identification struct {
	At      time.Time
	Service string // id in the catalogue; "" where they came no further than to the gateway
	Method  law.Method
}

// read is how many entries of the ledger are looked through for them.
const read = 200

// Last are the person's last identifications, the newest first, this one left out.
// It errs with ErrGone.
func (g *Register) Last(ctx context.Context, h Holder, most int) (last []Identification, err error) {
	err = g.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := g.held(tx, h); err != nil {
			return err
		}
		records, err := g.Ledger.History(tx, h.Person, "", read)
		last = nil
		for _, r := range records {
			if len(last) == most || !r.At.Before(h.At) {
				continue
			}
			switch e := r.Event.(type) {
			case ledger.Released:
				last = append(last, Identification{r.At, e.Service, e.Method})
			case ledger.Identified:
				last = append(last, Identification{r.At, "", e.Method})
			}
		}
		return err
	})
	return last, err
}
