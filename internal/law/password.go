package law

import "time"

var passwordRules = []rule{
	{"password.opens-service", "whether a password alone opens a service", yesOrNo,
		[]Row{{Value: "yes", From: start2005, Until: last2025, Source: "002"}}},
	{"password.shortest", "fewest code points of a password", number(8, 64, ""),
		[]Row{{Value: "12", From: start2005, Source: "NIST SP 800-63B, 3.1.1.2; ours"}}},
	{"password.longest", "most code points of a password", number(64, 1024, ""),
		[]Row{{Value: "128", From: start2005, Source: "NIST SP 800-63B, 3.1.1.2; ours"}}},
}

// PasswordOpensService says whether a password alone still opens a service. Since 2025-01-16 it does not (R18); it
// only leads to requesting Ügyfélkapu+.
func (t Table) PasswordOpensService(at time.Time) bool {
	return valueAt[bool](t, "password.opens-service", at)
}

// PasswordLength is the fewest and the most code points of a password.
func (t Table) PasswordLength(at time.Time) (shortest, longest int) {
	return valueAt[int](t, "password.shortest", at), valueAt[int](t, "password.longest", at)
}
