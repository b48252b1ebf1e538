package law

import (
	"time"

	"kapu/internal/identity"
)

// First days on which several rules came into force, each with what happened then.
var (
	start2005  = identity.Date{Year: 2005, Month: time.April, Day: 1}      // the first Ügyfélkapu opens
	fee2009    = identity.Date{Year: 2009, Month: time.October, Day: 1}    // a fee of its own for further accounts
	remind2011 = identity.Date{Year: 2011, Month: time.September, Day: 30} // reminders before the end of an account
	phone2012  = identity.Date{Year: 2012, Month: time.April, Day: 1}      // identification over the telephone
	card2016   = identity.Date{Year: 2016, Month: time.January, Day: 1}    // the electronic identity card
	plus2022   = identity.Date{Year: 2022, Month: time.June, Day: 4}       // Ügyfélkapu+
	last2025   = identity.Date{Year: 2025, Month: time.January, Day: 15}   // last day of password-only sign-in
)
