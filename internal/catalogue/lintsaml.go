package catalogue

import (
	"strings"
	"time"
)

// soon is how long before its end a certificate or metadata are spoken of.
const soon = 30 * 24 * time.Hour

// partyLints look at a sound registration for SAML, one thing each.
var partyLints = []func(*Service, time.Time) []Advice{undescribed, agedCertificates, strayPartner, trusting, unsolicited, oldDigest, unended}

func saml(s *Service, _ Reach, now time.Time) (found []Advice) {
	if s.SAML == nil {
		return nil
	}
	for _, lint := range partyLints {
		found = append(found, lint(s, now)...)
	}
	return found
}

// undescribed are services whose metadata are not there, or soon will not be.
func undescribed(s *Service, now time.Time) []Advice {
	const section = "SAML 2.0 Metadata, 2.3.2"
	m := s.SAML
	_, ok := m.At(now)
	switch {
	case !ok && m.learnt != nil:
		return blocking(section, "its metadata were good until %s: they must be published anew", m.until.Format(time.RFC3339))
	case !ok && m.unknown != "":
		return blocking(section, "its metadata are not there: %s", m.unknown)
	case !ok:
		return blocking(section, "its metadata were not fetched yet: they are within a minute while the gateway runs")
	case m.Described() && !m.until.IsZero() && m.until.Before(now.Add(soon)):
		return advice(section, "its metadata are good until %s", m.until.Format(time.RFC3339))
	case m.Fetched() && m.until.IsZero():
		return advice(section, "its metadata are good for ever (no validUntil): whoever has its web server can bring an old copy back, with keys that were taken out since: let it publish them for some weeks at a time")
	}
	return nil
}

// agedCertificates are over, or soon will be. Their keys count all the same, but
// whoever keeps to dates would expect a new one.
func agedCertificates(s *Service, now time.Time) (found []Advice) {
	p := s.SAML.known()
	texts := append([]string{p.Encryption, s.SAML.MetadataCertificate}, p.Signing...)
	for _, text := range texts {
		c, err := ParseCertificate(text)
		if err != nil {
			continue
		}
		switch end := c.NotAfter; {
		case !now.Before(end):
			found = append(found, advice("SAML V2.0 Metadata Interoperability Profile, 2.6.1", "the certificate of %s expired on %s: its key counts all the same, but is it still theirs? Add the new one beside it", c.Subject, end.Format(time.DateOnly))...)
		case end.Before(now.Add(soon)):
			found = append(found, advice("", "the certificate of %s expires on %s: let them add the new one beside it", c.Subject, end.Format(time.DateOnly))...)
		}
	}
	return found
}

// strayPartner are addresses on another host than the service's own.
func strayPartner(s *Service, _ time.Time) (found []Advice) {
	own := hostOf(s.URL)
	for _, address := range s.SAML.known().addresses() {
		host := hostOf(address)
		if host != own && !strings.HasSuffix(host, "."+own) && !strings.HasSuffix(own, "."+host) {
			found = append(found, advice("SAML 2.0 Profiles, 4.1.4.1", "%s is on another host than the service (%s): is it theirs?", address, own)...)
		}
		if strings.HasPrefix(address, "http://") {
			found = append(found, advice("SAML 2.0 Bindings, 3.5.5.2", "%s works on the developer's own machine only", address)...)
		}
	}
	return found
}

func trusting(s *Service, _ time.Time) []Advice {
	if s.SAML.UnsignedRequests {
		return advice("SAML 2.0 Profiles, 4.1.3.3", "unsigned_requests: anybody can ask in its name; answers still go to its own addresses only")
	}
	return nil
}

func unsolicited(s *Service, _ time.Time) []Advice {
	if s.SAML.IdPInitiated {
		return advice("SAML 2.0 Profiles, 4.1.5", "idp_initiated: it must take answers that it never asked for, and cannot tell them from a forged visit: let the portal send people to its own sign-in instead")
	}
	return nil
}

func oldDigest(s *Service, _ time.Time) []Advice {
	if s.SAML.EncryptAssertions && s.SAML.Digest() == SHA1 {
		return advice("XML Encryption 1.1, 5.5.2", "oaep_digest: SHA-1 within RSA-OAEP is not broken, but on its way out: use SHA-256 as soon as the service can")
	}
	return nil
}

// unended are services that never hear of the end of a session.
func unended(s *Service, now time.Time) []Advice {
	if p, ok := s.SAML.At(now); ok && len(p.Logout) == 0 {
		return advice("SAML 2.0 Profiles, 4.4", "single_logout_services is empty: whoever signs out elsewhere stays signed in there")
	}
	return nil
}
