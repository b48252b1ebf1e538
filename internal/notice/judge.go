package notice

import (
	"slices"
	"time"
)

// Wish is what a person wishes to be told.
type Wish string

// The wishes. The zero Wish is Important.
const (
	None      Wish = "none" // what is suspicious is told all the same
	Important Wish = "important"
	Every     Wish = "every"
)

// Wishes are all of them, from the least on.
func Wishes() []Wish { return []Wish{None, Important, Every} }

// Known is the wish, or that of those who said nothing.
func (w Wish) Known() Wish {
	if slices.Contains(Wishes(), w) {
		return w
	}
	return Important
}

// Facts are what is known of an identification at the moment it is made.
type Facts struct {
	Forbidden   bool          // right secrets, of a method that the person has forbidden
	Again       bool          // single sign-on to a service that the session has reached
	Passed      bool          // single sign-on to another one: nothing was proved
	KnownDevice bool          // the browser has signed in to the account before
	First       bool          // no identification of the person is known
	NewNetwork  bool          // none is known from this network
	NewMethod   bool          // none is known by this method
	Delays      int           // that wrong secrets brought since the last identification
	Since       time.Duration // since the last identification, where that was from another network; 0: it was not
}

// Limits are the law's numbers.
type Limits struct {
	Delays int           // this many make what follows suspicious
	Apart  time.Duration // within this time nobody is at two unknown places
}

// Reason is why something is told.
type Reason string

// Reasons. Those of what is suspicious come first, in the order in which they are asked.
const (
	Forbidden Reason = "forbidden" // a forbidden method was tried with right secrets
	Guessed   Reason = "guessed"   // after wrong secrets
	Apart     Reason = "apart"     // too soon after an identification elsewhere
	Elsewhere Reason = "elsewhere" // from a device and a network that are both unknown
	Method    Reason = "method"    // by a method that was never used, on an unknown device
	Device    Reason = "device"    // from an unknown device
	Asked     Reason = "asked"     // because the person wishes to hear of every one
)

// Verdict is whether a person is told, and why.
type Verdict struct {
	Tell       bool
	Suspicious bool
	Reason     Reason
}

// Judge asks the rules in their order.
func Judge(w Wish, f Facts, l Limits) Verdict {
	if reason := f.suspicious(l); reason != "" {
		return Verdict{Tell: true, Suspicious: true, Reason: reason}
	}
	switch w = w.Known(); {
	case f.Again, w == None:
		return Verdict{}
	case w == Every:
		return Verdict{Tell: true, Reason: Asked}
	case f.KnownDevice, f.First, f.Passed:
		return Verdict{}
	}
	return Verdict{Tell: true, Reason: Device}
}

// suspicious is why an identification may not be the person's own; "" where nothing says so. A device that signed in
// before speaks for its owner, and so does the very first identification, which has nothing to differ from.
func (f Facts) suspicious(l Limits) Reason {
	switch {
	case f.Forbidden:
		return Forbidden
	case f.KnownDevice, f.First, f.Again, f.Passed:
		return ""
	case f.Delays >= l.Delays:
		return Guessed
	case f.Since > 0 && f.Since < l.Apart:
		return Apart
	case f.NewNetwork:
		return Elsewhere
	case f.NewMethod:
		return Method
	}
	return ""
}
