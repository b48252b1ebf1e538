package store

import (
	"strings"
	"time"
)

// Review is an act of a desk that the lot gave to a second clerk.
type Review struct {
	ID       string
	Entry    string // id of the act in the ledger
	Office   string // where it was done
	Clerk    string // account of the clerk who acted
	Account  string // that was acted on
	Act      string
	At       time.Time
	Size     int64 // of the signed tree that drew it
	State    string
	Reviewer string // account of the clerk who opened it last
	Verdict  string
	Reviewed time.Time
}

// States of a review.
const (
	ReviewOpen = "open"
	ReviewDone = "done"
	reviewMark = "mark" // the one row that remembers how far the lot has been drawn
)

// AddReview records an act that was drawn; one that was drawn before stays as it is.
func (tx *Tx) AddReview(r Review) error {
	_, err := tx.exec(`INSERT INTO reviews (id, entry, office, clerk, account, act, at, size, state, reviewer, verdict, reviewed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11) ON CONFLICT (entry) DO NOTHING`,
		NewID(), r.Entry, r.Office, r.Clerk, r.Account, r.Act, millis(r.At), r.Size, r.State, r.Verdict, millis(r.Reviewed))
	return err
}

const reviewColumns = "SELECT id, entry, office, clerk, account, act, at, size, state, reviewer, verdict, reviewed FROM reviews WHERE "

func (tx *Tx) reviews(where string, args ...any) (found []Review, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var r Review
		var at, reviewed int64
		err := scan(&r.ID, &r.Entry, &r.Office, &r.Clerk, &r.Account, &r.Act, &at, &r.Size, &r.State, &r.Reviewer, &r.Verdict, &reviewed)
		r.At, r.Reviewed = fromMillis(at), fromMillis(reviewed)
		found = append(found, r)
		return err
	}, reviewColumns+where, args...)
	return found, err
}

// Review returns the review with that id.
func (tx *Tx) Review(id string) (Review, error) {
	found, err := tx.reviews("id = $1 AND state <> $2", id, reviewMark)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Review{}, err
	}
	return found[0], nil
}

// OpenReviews returns a page of what waits for review at the offices, oldest
// first, without the acts of the person and those on accounts of the person;
// after is the id of the last one of the page before, or "".
func (tx *Tx) OpenReviews(offices []string, person, after string, limit int) ([]Review, error) {
	if len(offices) == 0 {
		return nil, nil
	}
	args := []any{ReviewOpen, person, after, limit}
	marks := make([]string, len(offices))
	for i, office := range offices {
		args, marks[i] = append(args, office), placeholder(i+5)
	}
	const own = "(SELECT id FROM accounts WHERE person = $2)"
	const ended = "(SELECT 1 FROM tombstones t WHERE t.account IN (reviews.clerk, reviews.account) AND t.person = $2)"
	return tx.reviews("state = $1 AND office IN ("+strings.Join(marks, ", ")+") AND clerk NOT IN "+own+" AND account NOT IN "+own+
		" AND NOT EXISTS "+ended+" AND id > $3 ORDER BY id LIMIT $4", args...)
}

// ClaimReview records who opened an open review. ErrStale: it is not open.
func (tx *Tx) ClaimReview(id, reviewer string) error {
	return tx.one(ErrStale, "UPDATE reviews SET reviewer = $2 WHERE id = $1 AND state = $3", id, reviewer, ReviewOpen)
}

// CloseReview records the verdict of whoever opened the review. ErrStale:
// somebody else opened it meanwhile, or it is not open.
func (tx *Tx) CloseReview(id, reviewer, verdict string) error {
	return tx.one(ErrStale, "UPDATE reviews SET state = $3, verdict = $4, reviewed = $5 WHERE id = $1 AND reviewer = $2 AND state = $6",
		id, reviewer, ReviewDone, verdict, millis(tx.Now), ReviewOpen)
}

// ReviewMark is the size of the last signed tree whose lots have been drawn.
func (tx *Tx) ReviewMark() (size int64, err error) {
	err = tx.row([]any{&size}, "SELECT COALESCE(MAX(size), 0) FROM reviews WHERE id = $1", reviewMark)
	return size, err
}

// MoveReviewMark moves the mark on. ErrStale: another process was first.
func (tx *Tx) MoveReviewMark(from, to int64) error {
	return tx.one(ErrStale, `INSERT INTO reviews (id, entry, office, clerk, account, act, at, size, state, reviewer, verdict, reviewed)
		VALUES ($1, $1, '', '', '', '', 0, $3, $1, '', '', 0) ON CONFLICT (id) DO UPDATE SET size = excluded.size WHERE reviews.size = $2`,
		reviewMark, from, to)
}

// CountReviews tells how many acts wait for a second clerk.
func (tx *Tx) CountReviews() (open int64, err error) {
	err = tx.row([]any{&open}, "SELECT COUNT(*) FROM reviews WHERE state = $1", ReviewOpen)
	return open, err
}

// LoneOffices are the ids of the other offices of an office's kind in which
// fewer than two people can act as clerks today.
func (tx *Tx) LoneOffices(office string) (found []string, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		found = append(found, id)
		return err
	}, `SELECT o.id FROM offices o JOIN offices mine ON mine.kind = o.kind WHERE mine.id = $1 AND o.id <> $1 AND
		(SELECT COUNT(DISTINCT a.person) FROM clerks c JOIN accounts a ON a.id = c.account
			WHERE c.office = o.id AND a.state = 'active' AND a.valid_until > $2) < 2 ORDER BY o.id`, office, millis(tx.Now))
	return found, err
}

// LedgerOfKind returns the entries of a kind whose place is from or beyond and
// below to, in the order of the tree.
func (tx *Tx) LedgerOfKind(kind string, from, to int64) ([]LedgerRow, error) {
	return tx.ledgerRows("WHERE position >= $1 AND position < $2 AND kind = $3 ORDER BY position", from, to, kind)
}
