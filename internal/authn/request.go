package authn

import (
	"slices"
	"time"

	"kapu/internal/law"
)

// Request is what a service wants, whatever protocol it speaks.
type Request struct {
	Door     string       `json:"d"`            // which door answers: "oidc", "saml", "here"
	Service  string       `json:"s"`            // id in the catalogue; "" for the gateway's own pages
	Kind     string       `json:"sk,omitempty"` // of the service, as people may limit a method to it; "" for the gateway's own pages
	Level    law.Level    `json:"l"`            // the least that will do
	Methods  []law.Method `json:"m,omitempty"`  // if any are named, only these will do
	Since    time.Time    `json:"f,omitzero"`   // proofs made before do not count (prompt=login, max_age, ForceAuthn)
	Passive  bool         `json:"np,omitempty"` // show nothing (prompt=none, IsPassive)
	Choose   bool         `json:"c,omitempty"`  // let the visitor choose anew (prompt=select_account)
	Person   string       `json:"p,omitempty"`  // must be this person (id_token_hint)
	Hint     string       `json:"h,omitempty"`  // username to fill in (login_hint)
	Language string       `json:"lg,omitempty"` // the pages speak it on this way, unless the visitor says otherwise (ui_locales); "" for theirs
	Enrol    Factor       `json:"e,omitempty"`  // first lead through adding this factor
	Asks     []string     `json:"k,omitempty"`  // names of data that the person may let the service have, or not
	AskAgain bool         `json:"ka,omitempty"` // even if they have decided before (prompt=consent)
	Demands  []string     `json:"i,omitempty"`  // identifiers that the person must state, and the register confirm (R16)
	Resume   []byte       `json:"r,omitempty"`  // the door's own continuation

	Provisional bool   `json:"pr,omitempty"` // also people whom nobody has checked (R8)
	Mandates    bool   `json:"mt,omitempty"` // also people who act for another
	Behalf      string `json:"bf,omitempty"` // for whom they chose to act before in this session, as the service proves: Own or a mandate
}

// admits tells whether somebody of that standing may go where the request leads.
// A provisional registration opens the gateway's own pages, and of the services
// those that accept it, at its own level.
func (r Request) admits(s Standing, rules Rules) bool {
	return !s.Provisional || r.Provisional && (r.Service == "" || r.Level <= rules.Provisional)
}

// Allows tells whether a method would satisfy the request.
func (r Request) Allows(m Method) bool {
	return m.Level >= r.Level && (len(r.Methods) == 0 || slices.Contains(r.Methods, m.Name))
}

// Transaction is one visitor's way from a service's request to its answer. It
// travels sealed in the URL, so the gateway keeps nothing for a visitor who has
// proved nothing.
type Transaction struct {
	ID      string     `json:"id"`
	Browser string     `json:"b"` // digest of the browser's cookie
	Opened  time.Time  `json:"o"`
	Request Request    `json:"q"`
	Chosen  law.Method `json:"ch,omitempty"`
	Refused string     `json:"x,omitempty"`  // why the visitor turned back
	Proved  bool       `json:"pv,omitempty"` // something was proved on this way: it is a sign-in, and no single sign-on
	Decided bool       `json:"cd,omitempty"` // the visitor has decided on this way what the service may have
	Behalf  string     `json:"fw,omitempty"` // for whom the visitor has chosen on this way to act: Own or a mandate
	State   []byte     `json:"st,omitempty"`
}

// Fresh tells whether the transaction is still to be continued at now.
func (t Transaction) Fresh(rules Rules, now time.Time) bool {
	return now.Before(t.Opened.Add(rules.TransactionLife))
}

// Candidates are the methods that satisfy the request, as the chooser lists them.
func (t Transaction) Candidates(rules Rules) []Method {
	return slices.DeleteFunc(slices.Clone(rules.Methods), func(m Method) bool { return !t.Request.Allows(m) })
}
