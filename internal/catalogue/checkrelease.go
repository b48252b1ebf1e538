package catalogue

import (
	"fmt"
	"slices"
)

// stated are the claims that a citizen can be asked to state.
var stated = []Claim{TaxNumber, TAJ}

// matched are the claims that can be compared with what a service holds.
var matched = []Claim{Name, BirthName, MotherBirthName, BirthPlace, BirthDate, Address, TaxNumber, TAJ}

// Matchable are the claims that can be compared with what a service holds.
func Matchable() []Claim { return slices.Clone(matched) }

// checkRelease returns what is wrong with what the service may be told.
func (s *Service) checkRelease() (faults []error) {
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("service %q: "+format, append([]any{s.ID}, args...)...))
	}
	if len(s.Claims) > 0 && s.Ground == "" {
		fault("ground is missing: data are released only on a legal ground")
	}
	if len(s.Match) > 0 && s.Ground == "" {
		fault("ground is missing: data are compared only on a legal ground")
	}
	for _, c := range slices.Concat(s.Claims, s.ConsentClaims) {
		if !slices.Contains(Claims(), c) {
			fault("claim %q is not known", c)
		}
	}
	for _, c := range s.ConsentClaims {
		if slices.Contains(s.Claims, c) {
			fault("%q is in claims and in consent_claims: what the law gives needs no consent", c)
		}
	}
	for _, c := range s.Demands {
		switch {
		case !slices.Contains(stated, c):
			fault("demands: %q cannot be asked of a citizen; %v can", c, stated)
		case !slices.Contains(s.Claims, c):
			fault("demands: %q must be among the claims, too", c)
		}
	}
	if len(s.Demands) > 0 && s.Provisional {
		fault("demands: no register knows the identifiers of provisional registrations: leave one of the two out")
	}
	for _, c := range s.Match {
		if !slices.Contains(matched, c) {
			fault("match: %q cannot be compared; %v can", c, matched)
		}
	}
	return faults
}
