package notify

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"kapu/internal/law"
)

// Messages that tell people of identifications, and of what they said was not them. Their links lead to a page where
// the receiver says that it was not them.

// SignInNotice says that somebody was identified as the receiver.
type SignInNotice struct {
	At     time.Time
	Method law.Method
	Link   string
	Until  time.Time // the link is good until then
}

// SignInAlert says that somebody was identified as the receiver, and why it may have been somebody else.
type SignInAlert struct {
	At     time.Time
	Method law.Method
	Why    string // of package notice's reasons
	Link   string
	Until  time.Time
}

// ForbiddenAlert says that somebody with right secrets tried a method that the receiver has forbidden.
type ForbiddenAlert struct {
	At     time.Time
	Method law.Method
	Link   string
	Until  time.Time
}

// ServiceNotice says that a session went on to another service, to whoever wishes to hear of every one.
type ServiceNotice struct {
	At      time.Time
	Service string // its name in the receiver's language
	Link    string
	Until   time.Time
}

// NoticesChanged says, by the old way and by the new one, that somebody laid down anew what the receiver is told.
type NoticesChanged struct {
	At    time.Time
	Link  string
	Until time.Time
}

// Disowned says that somebody used the link in a notice, what was closed, and what to do now.
type Disowned struct {
	At   time.Time
	Link string // where the account is looked after
}

// ReportClosed says what a desk found out about what the receiver reported. Mail only.
type ReportClosed struct {
	At     time.Time
	Result string // "restored", "misuse" or "unanswered"
	Link   string // where the account is looked after
}

// Statement tells what happened in a month, in counts. Mail only.
type Statement struct {
	Month time.Time // a moment of it
	Lines []Line
	Link  string // where the history is read
}

// Line is a line of a statement: how often something happened.
type Line struct {
	Kind   string     `json:"k"`           // "signin", "release", "change" or "office"
	Method law.Method `json:"m,omitempty"` // of "signin"
	Name   string     `json:"n,omitempty"` // of a service or an office
	Count  int        `json:"c"`
}

func (SignInNotice) kind() string   { return "signin-notice" }
func (SignInAlert) kind() string    { return "signin-alert" }
func (ForbiddenAlert) kind() string { return "forbidden-alert" }
func (ServiceNotice) kind() string  { return "service-notice" }
func (NoticesChanged) kind() string { return "notices-changed" }
func (Disowned) kind() string       { return "disowned" }
func (ReportClosed) kind() string   { return "report-closed" }
func (Statement) kind() string      { return "statement" }

// KindOf names a message, as the ledger does.
func KindOf(m Message) string { return m.kind() }

func (m SignInNotice) facts() facts {
	return facts{At: m.At, Method: string(m.Method), Link: m.Link, Until: m.Until}
}
func (m SignInAlert) facts() facts {
	return facts{At: m.At, Method: string(m.Method), Why: m.Why, Link: m.Link, Until: m.Until}
}
func (m ForbiddenAlert) facts() facts {
	return facts{At: m.At, Method: string(m.Method), Link: m.Link, Until: m.Until}
}
func (m ServiceNotice) facts() facts {
	return facts{At: m.At, Service: m.Service, Link: m.Link, Until: m.Until}
}
func (m NoticesChanged) facts() facts { return facts{At: m.At, Link: m.Link, Until: m.Until} }
func (m Disowned) facts() facts       { return facts{At: m.At, Link: m.Link} }
func (m ReportClosed) facts() facts   { return facts{At: m.At, Why: m.Result, Link: m.Link} }
func (m Statement) facts() facts      { return facts{At: m.Month, Lines: m.Lines, Link: m.Link} }

const (
	longestName = 200 // bytes of a service's or an office's name
	mostLines   = 200 // of a statement
)

var (
	errWords = errors.New("notify: a method or reason that has no words")
	errLines = errors.New("notify: a statement has at most 200 lines, of names in one line")
)

// checkWords refuses words that the texts lack, and names that would break out of a line.
func (f facts) checkWords() error {
	for page, item := range map[string]string{"method": f.Method, "why": f.Why} {
		if item != "" && word(langs[0], page, item) == "" {
			return errWords
		}
	}
	names := []string{f.Service}
	for _, l := range f.Lines {
		if names = append(names, l.Name); words[langs[0]]["notify.line."+l.Kind] == nil {
			return errLines
		}
	}
	if len(f.Lines) > mostLines || slices.ContainsFunc(names, func(n string) bool { return len(n) > longestName || strings.ContainsFunc(n, unicode.IsControl) }) {
		return errLines
	}
	return nil
}

// told is how a statement's lines read.
func told(lang string, lines []Line) (all []string) {
	for _, l := range lines {
		what := word(lang, "line", l.Kind)
		if l.Name+string(l.Method) != "" {
			what += ": " + l.Name + word(lang, "method", string(l.Method))
		}
		all = append(all, fmt.Sprintf("%d × %s", l.Count, what))
	}
	return all
}
