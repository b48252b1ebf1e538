package portal

import "kapu/internal/ledger"

// A chapter is kinds of entry that are told together: their tales, and what their
// events say. Whoever adds events writes a chapter in a file of its own and names
// it in chapters; sentences are portal.event.<kind> and .<variant> in both languages.
type chapter struct {
	tales map[string]tale
	facts func(f *facts, e ledger.Event) // looks at the events of the chapter alone
}

var chapters = []chapter{
	{general, (*facts).general},
	mandates,
	{phoneTales, (*facts).phone},
	{exportTales, (*facts).export},
	{noticeTales, (*facts).notices},
}

// tales has every kind of entry that the ledger knows; a test sees to that.
var tales = bound(chapters)

// bound binds the chapters together; a kind that two of them tell is a mistake of
// this package, found when any program or test starts.
func bound(chapters []chapter) map[string]tale {
	all := map[string]tale{}
	for _, c := range chapters {
		for kind, t := range c.tales {
			if _, twice := all[kind]; twice {
				panic("portal: two chapters tell " + kind)
			}
			all[kind] = t
		}
	}
	return all
}

// factsOf asks every chapter; the one that knows the event answers.
func factsOf(e ledger.Event) (f facts) {
	for _, c := range chapters {
		c.facts(&f, e)
	}
	return f
}
