package population

import (
	"context"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/register"
)

var _ register.Population = (*Register)(nil)

// Check implements register.Population.
func (r *Register) Check(ctx context.Context, query register.Query) (register.Verdict, error) {
	if err := r.reach(ctx); err != nil {
		return register.Verdict{}, err
	}
	verdict := register.Verdict{
		Trace:    r.trace(query.RequestID),
		Person:   register.PersonUnknown,
		Document: register.DocumentUnknown,
		Findings: notChecked(),
	}
	stated := foldStatement(query)
	entry := r.mostLike(query, stated)
	if entry == nil {
		return verdict, nil
	}
	verdict.Person = entry.status()
	verdict.Document = r.documentStatus(query.Document, entry)
	verdict.Findings = compare(query, stated, entry)
	if verdict.Confirmed() {
		person := entry.Person
		verdict.Record, verdict.Reference = &person, entry.Reference
	}
	return verdict, nil
}

// ByReference implements register.Population.
func (r *Register) ByReference(ctx context.Context, reference register.Reference) (register.Record, error) {
	if err := r.reach(ctx); err != nil {
		return register.Record{}, err
	}
	entry, known := r.byReference[reference]
	if !known {
		return register.Record{}, register.ErrUnknown
	}
	return register.Record{Person: entry.Person, Status: entry.status()}, nil
}

// reach is the way to the register: slow or closed when the demo or a test wants it so.
func (r *Register) reach(ctx context.Context) error {
	if delay := r.Delay(); delay > 0 {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
	}
	if r.Down() {
		return register.ErrUnavailable
	}
	return ctx.Err()
}

// Of the four core data, so many must agree before the register speaks of a person: fewer when the document is theirs.
// With less it would tell strangers who exists.
const (
	coreAlone        = 3
	coreWithDocument = 2
)

// mostLike is the person most like the stated, or nil. The core decides before the document, so that of two namesakes
// the one with the right mother is found even with the other's document on the desk.
func (r *Register) mostLike(query register.Query, stated folded) *Entry {
	var best *Entry
	bestScore := 0
	for i := range r.entries {
		entry := &r.entries[i]
		core := coreAgreeing(query.BirthDate, stated, entry)
		if core < coreWithDocument {
			continue
		}
		_, documented := entry.document(query.Document)
		if core < coreAlone && !documented {
			continue
		}
		score := 2 * core
		if documented {
			score++
		}
		if score > bestScore {
			best, bestScore = entry, score
		}
	}
	return best
}

func coreAgreeing(born identity.Date, stated folded, entry *Entry) (agreeing int) {
	known := &entry.folded
	for _, same := range [...]bool{
		stated.birthName == known.birthName, stated.motherBirthName == known.motherBirthName,
		stated.birthPlace == known.birthPlace, born == entry.Person.BirthDate,
	} {
		if same {
			agreeing++
		}
	}
	return agreeing
}

func (r *Register) documentStatus(shown identity.Document, entry *Entry) register.DocumentStatus {
	held, found := entry.document(shown)
	switch {
	case !found:
		return register.DocumentUnknown
	case held.Lost:
		return register.DocumentLost
	case !held.Expires.IsZero() && held.Expires.Before(law.Day(r.now())):
		return register.DocumentExpired
	}
	return register.DocumentValid
}
