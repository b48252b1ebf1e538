package office

import (
	"context"
	"time"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/register"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// CardCodeChannel is the channel of the cases that end with the registration
// code of an electronic identity card (R10): a visit of somebody without account.
const CardCodeChannel = "card-code"

// Issued is the state of a visit whose code was handed over.
const Issued VisitState = "issued"

// IssueCardCode is an act that needs no account.
const IssueCardCode Act = "card-code"

// RefusedNotElectronic is Refused.Why for a document without a chip.
const RefusedNotElectronic = "not-electronic"

// CardDraft is a code that belongs to nobody yet. Making it takes long, so it is
// made before the transaction in which Issue gives it to the holder of a card;
// what Issue returns is the code in groups, this once.
type CardDraft struct {
	ID    string // of the code once issued; an envelope's proof names it
	Issue func(tx *store.Tx, clerk, office string, ref register.Reference, d identity.Document) (code string, expires time.Time, err error)
}

// Envelope is what the citizen takes home.
type Envelope struct {
	ID, Code string
	Expires  time.Time
	Visit    Visit
}

// AskCardCode begins a case with what was typed and asks the register.
func (d *Desk) AskCardCode(ctx context.Context, k Clerk, s registration.Stated) (v Visit, err error) {
	return d.askWithout(ctx, k, CardCodeChannel, s)
}

// askWithout begins a case of somebody who may have no account.
func (d *Desk) askWithout(ctx context.Context, k Clerk, channel string, s registration.Stated) (v Visit, err error) {
	if err := d.judgeFor(channel, s); err != nil {
		return v, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		v = Visit{Case: store.Case{Channel: channel, Office: k.Office, Clerk: k.Account, State: string(Arrived)}}
		v.Stated = s
		v, err = v.save(tx)
		return err
	})
	if err != nil {
		return v, err
	}
	return d.checkWithout(ctx, k, channel, v.ID, v.Version, s)
}

// judgeFor asks the law about a case of a channel.
func (d *Desk) judgeFor(channel string, s registration.Stated) error {
	if channel == PhoneChannel {
		return d.judgePhone(s)
	}
	return d.judgeCard(s)
}

// judgeCard asks the law: only a card with a chip has a code (R21).
func (d *Desk) judgeCard(s registration.Stated) error {
	if err := d.judge(s); err != nil {
		return err
	}
	if s.Document.Kind != identity.IdentityCard || s.Document.Issued.Before(d.Law.EarliestElectronicCardIssue(d.Now())) {
		return &Refused{RefusedNotElectronic}
	}
	return nil
}

// CardCode is a case of the clerk's own, of today. It errs with store.ErrNotFound.
func (d *Desk) CardCode(ctx context.Context, k Clerk, id string) (v Visit, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		v, err = visitWithout(tx, k, CardCodeChannel, id)
		return err
	})
	return v, err
}

func visitWithout(tx *store.Tx, k Clerk, channel, id string) (Visit, error) {
	stored, err := tx.Case(id)
	own := stored.Channel == channel && stored.Office == k.Office && stored.Clerk == k.Account
	if err == nil && (!own || stored.Opened.Before(today(tx.Now))) {
		err = store.ErrNotFound
	}
	if err != nil {
		return Visit{}, err
	}
	return openVisit(stored)
}

func visitWithoutAt(tx *store.Tx, k Clerk, channel, id string, version int64) (Visit, error) {
	v, err := visitWithout(tx, k, channel, id)
	if err == nil && (v.Version != version || v.Stands() == Issued) {
		err = store.ErrStale
	}
	return v, err
}

// CheckCard asks the register, with what was typed anew. It errs with ErrOwn,
// *Refused, *identity.Invalid, store.ErrStale and store.ErrNotFound.
func (d *Desk) CheckCard(ctx context.Context, k Clerk, id string, version int64, s registration.Stated) (v Visit, err error) {
	return d.checkWithout(ctx, k, CardCodeChannel, id, version, s)
}

func (d *Desk) checkWithout(ctx context.Context, k Clerk, channel, id string, version int64, s registration.Stated) (v Visit, err error) {
	if err := d.judgeFor(channel, s); err != nil {
		return v, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		_, err := visitWithoutAt(tx, k, channel, id, version)
		return err
	})
	if err != nil {
		return v, err
	}
	verdict, down := d.ask(ctx, s)
	if ctx.Err() != nil {
		return v, ctx.Err()
	}
	isOwn := false
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if v, err = visitWithoutAt(tx, k, channel, id, version); err != nil {
			return err
		}
		v.Stated, v.Answer = s, nil
		if isOwn, err = d.checkCard(tx, k, &v, verdict, down); err != nil {
			return err
		}
		if isOwn {
			return tx.DropCase(v.ID)
		}
		v, err = v.save(tx)
		return err
	})
	if err == nil && isOwn {
		err = ErrOwn
	}
	return v, err
}

// checkCard moves the case by the register's answer and records it.
func (d *Desk) checkCard(tx *store.Tx, k Clerk, v *Visit, verdict register.Verdict, down error) (isOwn bool, err error) {
	checked := ledger.RegisterChecked{Case: v.ID, Trace: verdict.Trace, Office: k.Office, Clerk: k.Account}
	person, state := "", Refuted
	if down == nil {
		v.Answer = &registration.Answer{At: tx.Now, Verdict: verdict}
		if isOwn, err = own(tx, k, verdict.Reference); err != nil {
			return false, err
		}
		if person, err = known(tx, verdict.Reference); err != nil {
			return false, err
		}
	}
	switch {
	case down != nil:
		state, checked.Verdict = Unanswered, verdictDown
	case isOwn:
		checked.Verdict = verdictOwn
	case v.Answer.Agrees(v.Stated):
		state, checked.Verdict = Present, verdictAgrees
	case verdict.Person == register.PersonUnknown:
		checked.Verdict = verdictUnknown
	default:
		checked.Verdict, checked.Differs = verdictDiffers, v.Answer.Differing(v.Stated)
	}
	v.State = string(state)
	_, err = d.Ledger.Append(tx, person, checked)
	return isOwn, err
}

// GiveCode issues the code of the card that was shown: the first account of its
// holder can be made with it. It needs the register's agreement of today, and a
// reason. It errs with ErrAway, ErrFurther, *identity.Invalid, store.ErrStale
// and store.ErrNotFound.
func (d *Desk) GiveCode(ctx context.Context, k Clerk, id string, version int64, o Order) (e Envelope, err error) {
	o.Act = IssueCardCode
	if err := o.check(); err != nil {
		return e, err
	}
	draft, err := d.DrawCard(ctx)
	if err != nil {
		return e, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		v, err := visitWithoutAt(tx, k, CardCodeChannel, id, version)
		if err != nil {
			return err
		}
		if v.Stands() != Present {
			return ErrAway
		}
		e, err = d.giveCode(tx, k, v, draft, o)
		return err
	})
	return e, err
}

func (d *Desk) giveCode(tx *store.Tx, k Clerk, v Visit, draft CardDraft, o Order) (e Envelope, err error) {
	reference := v.Answer.Verdict.Reference
	accounts, err := accountsOf(tx, registration.Case{Contents: registration.Contents{Answer: v.Answer}})
	switch {
	case err != nil:
		return e, err
	case len(accounts) > 0:
		return e, ErrFurther
	}
	e.ID = draft.ID
	if e.Code, e.Expires, err = draft.Issue(tx, k.Account, k.Office, reference, v.Stated.Document); err != nil {
		return e, err
	}
	acted := ledger.DeskActed{Act: string(o.Act), Office: k.Office, Reason: o.Reason, Words: o.Words, Clerk: k.Account}
	entry, err := d.Ledger.Append(tx, "", acted)
	if err != nil {
		return e, err
	}
	v.Done = append(v.Done, Done{Entry: entry, Act: o.Act, At: tx.Now, Reason: o.Reason, Words: o.Words, Until: e.Expires})
	v.State = string(Issued)
	e.Visit, err = v.save(tx)
	return e, err
}

// AccountsOf are the accounts of whom the register confirmed in a case without account.
func (d *Desk) AccountsOf(ctx context.Context, v Visit) (found []identity.Account, err error) {
	return d.Accounts(ctx, registration.Case{Contents: registration.Contents{Answer: v.Answer}})
}

// ask asks the register about the stated; that it did not answer is told to the operator.
func (d *Desk) ask(ctx context.Context, s registration.Stated) (verdict register.Verdict, down error) {
	verdict, down = d.Population.Check(ctx, s.Query(store.NewID()))
	if down != nil && d.Log != nil && ctx.Err() == nil {
		d.Log.Warn("no answer of the population register", "cause", down)
	}
	return verdict, down
}
