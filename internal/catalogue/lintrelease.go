package catalogue

import (
	"slices"
	"time"
)

// matching looks at what is compared for the service.
func matching(s *Service, _ Reach, _ time.Time) (found []Advice) {
	if len(s.Match) == 0 {
		return nil
	}
	for _, c := range s.Match {
		if slices.Contains(s.Claims, c) {
			found = append(found, advice("", "match: it is given %s anyway: compare it there", c)...)
		}
	}
	switch {
	case s.OIDC == nil:
		found = append(found, advice("", "match: it is asked with an access token, and the service does not speak OpenID Connect")...)
	case s.OIDC.Public() && !s.OIDC.DPoPBound:
		found = append(found, advice("RFC 9700, 2.2.1", "match: it is a public client: bind its tokens to a key by dpop_bound_access_tokens, so that a stolen one guesses at nobody")...)
	}
	return found
}

// consenting looks at what the citizen is asked for.
func consenting(s *Service, _ Reach, _ time.Time) []Advice {
	if most := 4; len(s.ConsentClaims) > most {
		return advice("Regulation (EU) 2016/679, article 5(1)(c)", "consent_claims has more than %d data: ask only for what is needed, people refuse long lists", most)
	}
	return nil
}
