package sandbox

import (
	"slices"
	"time"
)

// Exchange is one request of a service, or about one, and its answer.
type Exchange struct {
	Number int64     `json:"n"`
	At     time.Time `json:"t"`
	What   string    `json:"w"`           // a kind with words of its own: see [Kinds]
	Proof  string    `json:"p,omitempty"` // how the service meant to prove who it is
	Wanted string    `json:"r,omitempty"` // how it is registered to, where that is another way
	Sent   []Line    `json:"s,omitempty"`
	Answer []Line    `json:"a,omitempty"`
	Status int       `json:"c,omitempty"` // of HTTP; 0 where there is none
	Fault  *Fault    `json:"f,omitempty"`
}

// Fault is what went wrong, in the words of the standard.
type Fault struct {
	Code    string `json:"c"`
	Text    string `json:"t"` // English, for the developer; without any value that was sent
	Section string `json:"s,omitempty"`
}

// Line is one parameter, header or member, as far as it may be shown.
type Line struct {
	Name   string   `json:"n,omitempty"` // "" where the name is none that we know
	Text   string   `json:"t,omitempty"` // shown as it is
	Hidden int      `json:"l,omitempty"` // so many characters are not
	Token  bool     `json:"j,omitempty"` // it is a JWT
	Header []string `json:"h,omitempty"` // of a JWT: what its header says
	Names  []string `json:"m,omitempty"` // names of what is within
	Others int      `json:"o,omitempty"` // so many more, of names that we do not know
}

// Kinds are those of exchanges. Each has words of its own on the page.
func Kinds() []string {
	return []string{"authorization", "pushed", "answer", "token", "userinfo", "match", "introspection", "revocation", "end", "told"}
}

// advised are the errors for which the page has advice of its own.
var advised = []string{
	"access_denied", "consent_required", "insufficient_scope", "interaction_required", "invalid_client", "invalid_dpop_proof", "invalid_grant",
	"invalid_request", "invalid_request_object", "invalid_request_uri", "invalid_scope", "invalid_token", "login_required", "server_error",
	"temporarily_unavailable", "unauthorized_client", "unmet_authentication_requirements", "unsupported_grant_type", "unsupported_response_type",
	"use_dpop_nonce",
}

// Advice names the words that say what to do.
func (f *Fault) Advice() string {
	if slices.Contains(advised, f.Code) {
		return "sandbox.do." + f.Code
	}
	return "sandbox.do.other"
}

// Title names the words for what it is.
func (e Exchange) Title() string { return "sandbox.what." + e.What }

// Bad tells whether something went wrong.
func (e Exchange) Bad() bool { return e.Fault != nil || e.Status >= 400 }

// Bounds of what is kept of one exchange.
const (
	maxLines = 40
	maxText  = 512  // characters of a text that is shown
	maxBytes = 8192 // of an exchange as it is kept
)

// cut keeps an exchange within its bounds.
func (e Exchange) cut() Exchange {
	e.Sent, e.Answer = cutLines(e.Sent), cutLines(e.Answer)
	return e
}

func cutLines(lines []Line) []Line {
	lines = slices.Clone(lines[:min(len(lines), maxLines)])
	for i := range lines {
		if len(lines[i].Text) > maxText {
			lines[i] = Line{Name: lines[i].Name, Hidden: len([]rune(lines[i].Text))}
		}
	}
	return lines
}

// Empty tells whether there was nothing.
func (l Line) Empty() bool {
	return l.Text == "" && l.Hidden == 0 && len(l.Names) == 0 && l.Others == 0
}
