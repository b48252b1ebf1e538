package store

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// Decision is what a person lets a service have that no law gives it, and what not.
type Decision struct {
	Service         string
	Allows, Refuses []string // names of data
	At              time.Time
}

// With is the decision after another about some of the data; of the rest it is
// as it was.
func (d Decision) With(allows, refuses []string) Decision {
	rest := func(names []string) []string {
		return slices.DeleteFunc(slices.Clone(names), func(n string) bool {
			return slices.Contains(allows, n) || slices.Contains(refuses, n)
		})
	}
	d.Allows, d.Refuses = append(rest(d.Allows), allows...), append(rest(d.Refuses), refuses...)
	return d
}

const decisionColumns = "service, allows, refuses, decided"

func readDecision(scan func(...any) error) (d Decision, err error) {
	var allows, refuses string
	var at int64
	err = scan(&d.Service, &allows, &refuses, &at)
	d.Allows, d.Refuses, d.At = strings.Fields(allows), strings.Fields(refuses), fromMillis(at)
	return d, err
}

// Decision returns what a person has decided about a service; the zero Decision
// where nothing.
func (tx *Tx) Decision(person, service string) (Decision, error) {
	d, err := readDecision(func(into ...any) error {
		return tx.row(into, "SELECT "+decisionColumns+" FROM consents WHERE person = $1 AND service = $2", person, service)
	})
	if errors.Is(err, ErrNotFound) {
		return Decision{}, nil
	}
	return d, err
}

// Decisions returns all that a person has decided, by the services' ids.
func (tx *Tx) Decisions(person string) (all []Decision, err error) {
	err = tx.each(func(scan func(...any) error) error {
		d, err := readDecision(scan)
		all = append(all, d)
		return err
	}, "SELECT "+decisionColumns+" FROM consents WHERE person = $1 ORDER BY service", person)
	return all, err
}

// Decide keeps what a person has decided about a service in place of what was
// before.
func (tx *Tx) Decide(person, service string, d Decision) error {
	_, err := tx.exec(`INSERT INTO consents (person, service, allows, refuses, decided) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person, service) DO UPDATE SET allows = excluded.allows, refuses = excluded.refuses, decided = excluded.decided`,
		person, service, strings.Join(d.Allows, " "), strings.Join(d.Refuses, " "), millis(tx.Now))
	return err
}

// Withdraw forgets what a person has decided about a service. ErrNotFound: nothing.
func (tx *Tx) Withdraw(person, service string) error {
	return tx.one(ErrNotFound, "DELETE FROM consents WHERE person = $1 AND service = $2", person, service)
}
