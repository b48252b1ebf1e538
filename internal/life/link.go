package life

import (
	"context"
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/store"
)

// The kinds of links in letters. Those that confirm are the purposes of their codes, too.
const (
	DeletionLink = "deletion"
	EmailNewLink = "email-new"
	EmailOldLink = "email-old"
	StopLink     = "stop"
)

// Link is what a link of a letter would do, or has done.
type Link struct {
	Kind string // one of the Link constants
	Act  string // the kind of the act that it is about: Delete, RemoveTOTP or Email
	// Due is when the act is carried out or, while it needs to be confirmed,
	// forgotten; of a deletion that is not confirmed, when it would be. After
	// Confirm, zero says that it has been carried out.
	Due time.Time
}

// found is what a token names.
type found struct {
	kind    string
	account string
	code    store.Code       // of what confirms
	act     store.PendingAct // zero for a deletion that is not confirmed
	content content
}

// tokenLength is the length of every token (keys.RandomToken).
const tokenLength = 43

// find looks a token up: first among what confirms, then among what stops. The
// link to the present address in a change of e-mail does both.
func (l *Life) find(tx *store.Tx, token string) (f found, err error) {
	if len(token) != tokenLength {
		return f, ErrGone
	}
	digest := l.digest(token)
	for _, kind := range []string{DeletionLink, EmailNewLink, EmailOldLink} {
		c, err := tx.CodeByDigest(kind, digest)
		if err == nil {
			return findCode(tx, kind, c)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return f, err
		}
	}
	return findStop(tx, digest)
}

func findCode(tx *store.Tx, kind string, c store.Code) (f found, err error) {
	f = found{kind: kind, account: c.Account, code: c}
	if !tx.Now.Before(c.Expires) {
		return f, ErrGone
	}
	f.act, err = tx.Act(c.Account, f.actKind())
	if errors.Is(err, store.ErrNotFound) {
		if kind != DeletionLink {
			err = ErrGone
		} else {
			err = nil
		}
		return f, err
	}
	if err != nil {
		return f, err
	}
	return f.open(tx.Now)
}

func findStop(tx *store.Tx, digest string) (f found, err error) {
	f.kind = StopLink
	f.act, err = tx.ActByDigest(digest)
	if errors.Is(err, store.ErrNotFound) {
		return f, ErrGone
	}
	if err != nil {
		return f, err
	}
	f.account = f.act.Account
	return f.open(tx.Now)
}

// open reads what is kept of the act. An act that is due is nobody's to change.
func (f found) open(now time.Time) (found, error) {
	if !now.Before(f.act.Due) {
		return f, ErrGone
	}
	var err error
	f.content, err = contentOf(f.act)
	return f, err
}

func (f found) actKind() string {
	switch f.kind {
	case DeletionLink:
		return Delete
	case EmailNewLink, EmailOldLink:
		return Email
	}
	return f.act.Kind
}

// stands tells whether the token may act on its account: the account's time is
// not over and, for what its owner asked for alone, it is not closed.
func (f found) stands(a identity.Account, now time.Time) bool {
	alone := f.kind != StopLink && f.content.By.Office == ""
	return !over(a, now) && (!alone || a.State == identity.Active)
}

// Look says what the link with that token would do. It changes nothing. ErrGone:
// it would do nothing, because it was used, or stopped, or is over.
func (l *Life) Look(ctx context.Context, token string) (link Link, err error) {
	err = l.DB.View(ctx, func(tx *store.Tx) error {
		f, _, err := l.named(tx, token)
		if err != nil {
			return err
		}
		link = Link{Kind: f.kind, Act: f.actKind(), Due: f.act.Due}
		if f.act.ID == "" {
			link.Due = tx.Now.Add(l.Law.DeletionCoolingOff(tx.Now))
		}
		return nil
	})
	return link, err
}

// named is what the token names, and its account.
func (l *Life) named(tx *store.Tx, token string) (f found, a identity.Account, err error) {
	if f, err = l.find(tx, token); err != nil {
		return f, a, err
	}
	a, err = tx.Account(f.account)
	if errors.Is(err, store.ErrNotFound) || err == nil && !f.stands(a, tx.Now) {
		err = ErrGone
	}
	return f, a, err
}

// held is named, once nobody else acts on the account.
func (l *Life) held(tx *store.Tx, token string) (f found, a identity.Account, err error) {
	if f, _, err = l.named(tx, token); err != nil {
		return f, a, err
	}
	if err := hold(tx, f.account); err != nil {
		return f, a, err
	}
	return l.named(tx, token)
}

// Confirm does what a link is for that confirms. A second time it says the same
// and does nothing. ErrGone: the link is not one that confirms, or is over.
func (l *Life) Confirm(ctx context.Context, token string) (link Link, err error) {
	err = l.DB.Update(ctx, func(tx *store.Tx) error {
		f, a, err := l.held(tx, token)
		if err != nil {
			return err
		}
		link = Link{Kind: f.kind, Act: f.actKind()}
		switch f.kind {
		case DeletionLink:
			link.Due, err = l.RequestDeletion(tx, a, Actor{})
		case EmailNewLink, EmailOldLink:
			link.Due, err = l.confirmEmail(tx, a, f)
		default:
			err = ErrGone
		}
		return err
	})
	return link, err
}

// Stop stops the act that the link is about; so does the link at the present
// address in a change of e-mail. ErrGone: it was carried out, stopped or
// forgotten, or the link is of another kind.
func (l *Life) Stop(ctx context.Context, token string) (link Link, err error) {
	err = l.DB.Update(ctx, func(tx *store.Tx) error {
		f, a, err := l.held(tx, token)
		if err != nil {
			return err
		}
		if f.kind != StopLink && f.kind != EmailOldLink {
			return ErrGone
		}
		link = Link{Kind: f.kind, Act: f.act.Kind, Due: f.act.Due}
		return l.stop(tx, a, f.act, "link")
	})
	return link, err
}
