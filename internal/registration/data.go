package registration

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"kapu/internal/identity"
	"kapu/internal/register"
	"kapu/internal/store"
)

// Stated is what a citizen states of themselves and shows, as typed at the desk.
type Stated struct {
	CurrentName identity.Name `json:"current_name"`
	identity.Core
	Address     identity.Address  `json:"address"`
	Nationality string            `json:"nationality"` // ISO 3166-1 alpha-2
	Document    identity.Document `json:"document"`
}

// Query is the question to the register. The case's id makes a repetition recognisable.
func (s Stated) Query(requestID string) register.Query {
	return register.Query{RequestID: requestID, CurrentName: s.CurrentName, Core: s.Core, Address: s.Address, Document: s.Document}
}

// Answer is what the register said, and when.
type Answer struct {
	At      time.Time        `json:"at"`
	Verdict register.Verdict `json:"verdict"`
}

// Nationality is the result for the one datum that the register does not
// compare but tells: it is compared here, so that no account holds another than
// was stated.
func (a Answer) Nationality(s Stated) register.Result {
	switch {
	case a.Verdict.Record == nil:
		return register.NotChecked
	case a.Verdict.Record.Nationality != s.Nationality:
		return register.Differs
	}
	return register.Match
}

// Agrees says whether nothing stands between the stated and the register.
func (a Answer) Agrees(s Stated) bool {
	return a.Verdict.Confirmed() && a.Nationality(s) == register.Match
}

// Differing names the data that differ, for the ledger.
func (a Answer) Differing(s Stated) (names []string) {
	for _, f := range a.Verdict.Findings {
		if f.Result == register.Differs {
			names = append(names, string(f.Field))
		}
	}
	if a.Nationality(s) == register.Differs {
		names = append(names, "nationality")
	}
	return slices.Clip(names)
}

// Choice is what the citizen chooses for the account.
type Choice struct {
	Username identity.Username `json:"username"`
	Email    identity.Email    `json:"email"`
	Lang     string            `json:"lang"`  // of mails: "hu" or "en"
	Years    int               `json:"years"` // of validity, at most law.LongestLife (R6)

	// Issued: the username was drawn, and the office hands out the first password (R13).
	Issued bool `json:"issued,omitempty"`
	// Final is the id of the provisional account that becomes this one; "" for a new account (R8).
	Final string `json:"final,omitempty"`
}

// Contents is what a case holds: everything while it is open; once finished,
// only what the printed sheet needs and the account does not hold.
type Contents struct {
	Stated Stated  `json:"stated,omitzero"`
	Answer *Answer `json:"answer,omitempty"` // nil until the register has answered
	Choice *Choice `json:"choice,omitempty"`
	Fee    *Fee    `json:"fee,omitempty"`   // of a further account
	Paper  *Paper  `json:"paper,omitempty"` // of a finished case
}

// Paper is what remains in a finished case, until the account is activated or
// lapses, so that the sheet can be printed again.
type Paper struct {
	Document identity.Document `json:"document"`
	Trace    string            `json:"trace"` // the register's number of the check
	Checked  time.Time         `json:"checked"`
	Issued   bool              `json:"issued,omitempty"` // with a first password (R13)
}

// Case is a case with its contents opened.
type Case struct {
	store.Case
	Contents
}

// Stands is the state of the case.
func (c Case) Stands() State { return State(c.State) }

// OpenCase reads a stored case.
func OpenCase(s store.Case) (Case, error) {
	c := Case{Case: s}
	if len(s.Data) > 0 {
		if err := json.Unmarshal(s.Data, &c.Contents); err != nil {
			return c, fmt.Errorf("registration: case %s: contents not readable", s.ID) // the cause may quote them
		}
	}
	return c, nil
}

// Step moves the case by an event. It errs with ErrStep.
func (c *Case) Step(e Event) error {
	next, err := Next(c.Stands(), e)
	c.State = string(next)
	return err
}

// packed is the store's case as it is to be saved, with contents and name
// taken over; a withdrawn case keeps neither.
func (c Case) packed() (store.Case, error) {
	s := c.Case
	s.Data, s.Name = nil, identity.Name{}
	if c.Stands() == Withdrawn {
		return s, nil
	}
	if c.Stands().Open() {
		s.Name = c.Stated.BirthName
	}
	var err error
	s.Data, err = json.Marshal(c.Contents)
	return s, err
}

// Add records a new case.
func (c Case) Add(tx *store.Tx) (Case, error) {
	s, err := c.packed()
	if err != nil {
		return c, err
	}
	c.Case, err = tx.AddCase(s)
	return c, err
}

// Save records the case as it stands. store.ErrStale: another tab was first.
func (c Case) Save(tx *store.Tx) (Case, error) {
	s, err := c.packed()
	if err != nil {
		return c, err
	}
	c.Case, err = tx.SaveCase(s)
	return c, err
}
