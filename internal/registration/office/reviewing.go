package office

import (
	"context"
	"errors"
	"slices"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// Verdicts on an act that was reviewed.
const (
	VerdictFine     = "fine"
	VerdictDoubtful = "doubtful"
	VerdictErased   = "erased" // there was nothing left to look at
)

// Errors of a review that a page tells apart.
var (
	// ErrErased: the account that was acted on is gone, and with it what the clerk said.
	ErrErased = errors.New("office: the account of the act is gone")
	// ErrNotOpened: the clerk has not opened the review, or somebody else has it now.
	ErrNotOpened = errors.New("office: the review is not opened by this clerk")
)

// Review is an act to be looked at, with what its clerk said. Only whoever opened it sees more than its
// place and time.
type Review struct {
	store.Review
	Office  identity.Office
	Acted   ledger.DeskActed  // zero until opened
	Acting  identity.Username // of the clerk who acted; "" if gone
	Account identity.Account  // zero until opened
	Person  identity.Person   // zero until opened
	Intact  bool              // the entry is as it was written
}

// Reviews are a page of what waits for the clerk's review, oldest first: acts of
// their own office, and of offices of the same kind that have no second clerk.
// Never what they did themselves, or what was done on an account of theirs.
func (d *Desk) Reviews(ctx context.Context, k Clerk, after string) (p Page[Review], err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		offices, err := reviewedBy(tx, k)
		if err != nil {
			return err
		}
		found, err := tx.OpenReviews(offices, k.Person, after, PageSize+1)
		if err != nil {
			return err
		}
		page := pageOf(found, func(r store.Review) string { return r.ID })
		p = Page[Review]{After: page.After}
		for _, r := range page.Lines {
			o, err := officeNamed(tx, r.Office)
			if err != nil {
				return err
			}
			p.Lines = append(p.Lines, Review{Review: r, Office: o})
		}
		return nil
	})
	return p, err
}

// reviewedBy are the offices whose acts a clerk may review.
func reviewedBy(tx *store.Tx, k Clerk) ([]string, error) {
	lone, err := tx.LoneOffices(k.Office)
	return append([]string{k.Office}, lone...), err
}

// review reads a review that is the clerk's to do; any other is store.ErrNotFound.
func review(tx *store.Tx, k Clerk, id string) (r Review, err error) {
	if r.Review, err = tx.Review(id); err != nil {
		return r, err
	}
	offices, err := reviewedBy(tx, k)
	if err != nil {
		return r, err
	}
	if !slices.Contains(offices, r.Review.Office) {
		return r, store.ErrNotFound
	}
	for _, account := range []string{r.Clerk, r.Review.Account} {
		person, username, err := ownerOf(tx, account)
		if err != nil {
			return r, err
		}
		if account == k.Account || person == k.Person {
			return r, store.ErrNotFound
		}
		if account == r.Clerk {
			r.Acting = username
		}
	}
	r.Office, err = officeNamed(tx, r.Review.Office)
	return r, err
}

// ownerOf is whose account it is, or was: who has several could otherwise let the
// one end under which they acted. Both are "" for no account.
func ownerOf(tx *store.Tx, account string) (person string, username identity.Username, err error) {
	a, err := tx.Account(account)
	if !errors.Is(err, store.ErrNotFound) {
		return a.PersonID, a.Username, err
	}
	stone, err := tx.Tombstone(account)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return stone.Person, "", err
}

// Review is a review as the clerk may see it now: whole if they opened it.
func (d *Desk) Review(ctx context.Context, k Clerk, id string) (r Review, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if r, err = review(tx, k, id); err != nil {
			return err
		}
		if r.State != store.ReviewOpen || r.Reviewer != k.Account {
			r.Acting = ""
			return nil
		}
		return d.openReview(tx, &r)
	})
	return r, err
}

// openReview reads what the clerk said, and of whom. An act that concerned no
// account, such as a card's code, has no more than the clerk's words.
func (d *Desk) openReview(tx *store.Tx, r *Review) error {
	if r.Review.Account != "" {
		h, err := holder(tx, r.Review.Account)
		if errors.Is(err, store.ErrNotFound) {
			return ErrErased
		}
		if err != nil {
			return err
		}
		r.Account, r.Person = h.Account, h.Person
	}
	entry, err := d.Ledger.Entry(tx, r.Entry)
	r.Acted, _ = entry.Event.(ledger.DeskActed)
	r.Intact = entry.Intact
	return err
}

// reviewReason is the reason of a look-up for a review.
const reviewReason = "review"

// OpenReview opens a review, which the citizen will read as a look-up. Whoever
// opens it last has it. store.ErrStale: it is done. ErrErased: it is closed, for
// there is nothing to look at any more.
func (d *Desk) OpenReview(ctx context.Context, k Clerk, id string) error {
	erased := false
	err := d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := review(tx, k, id)
		if err != nil {
			return err
		}
		if err := tx.ClaimReview(id, k.Account); err != nil {
			return err
		}
		err = d.openReview(tx, &r)
		if erased = errors.Is(err, ErrErased); erased {
			return tx.CloseReview(id, k.Account, VerdictErased)
		}
		if err != nil || r.Review.Account == "" {
			return err
		}
		return d.record(tx, k, r.Account, reviewReason, "")
	})
	return orErased(err, erased)
}

func orErased(err error, erased bool) error {
	if err == nil && erased {
		return ErrErased
	}
	return err
}

// Judge records the verdict on a review that the clerk opened; a doubtful one
// needs words. It errs with *identity.Invalid, ErrNotOpened,
// ErrErased and store.ErrNotFound.
func (d *Desk) Judge(ctx context.Context, k Clerk, id, verdict, words string) error {
	switch {
	case verdict != VerdictFine && verdict != VerdictDoubtful:
		return &identity.Invalid{Field: "verdict", Reason: identity.ReasonEmpty}
	case verdict == VerdictDoubtful && words == "":
		return &identity.Invalid{Field: "words", Reason: identity.ReasonEmpty}
	}
	erased := false
	err := d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := review(tx, k, id)
		if err != nil {
			return err
		}
		err = d.openReview(tx, &r)
		if erased = errors.Is(err, ErrErased); erased {
			return tx.CloseReview(id, k.Account, VerdictErased)
		}
		if err != nil {
			return err
		}
		return d.judgeAct(tx, k, r, verdict, words)
	})
	if errors.Is(err, store.ErrStale) {
		err = ErrNotOpened
	}
	return orErased(err, erased)
}

// judgeAct records the verdict, for the citizen to read where the act concerned one.
func (d *Desk) judgeAct(tx *store.Tx, k Clerk, r Review, verdict, words string) error {
	if err := tx.CloseReview(r.ID, k.Account, verdict); err != nil {
		return err
	}
	entry, err := tx.LedgerEntry(r.Entry)
	if err != nil {
		return err
	}
	_, err = d.Ledger.Append(tx, entry.Person, ledger.Reviewed{Entry: entry.Position, Verdict: verdict, Office: k.Office, Clerk: k.Account, Words: words})
	return err
}

// officeNamed is an office, or no more than its id where it is not known any more.
func officeNamed(tx *store.Tx, id string) (identity.Office, error) {
	o, err := tx.Office(id)
	if errors.Is(err, store.ErrNotFound) {
		return identity.Office{ID: id}, nil
	}
	return o, err
}
