// Package catalogue owns the list of services: who they are, what level they
// need, which data they are given and on what ground, and how they speak. Both
// federation doors read it. It refuses a registration that could not work.
package catalogue

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"gopkg.in/yaml.v3"

	"kapu/internal/law"
)

// Claim names a piece of data that a service may be given.
type Claim string

// The claims, by their OpenID Connect names where there is one (OpenID Connect
// Core 1.0, 5.1; OpenID Connect for Identity Assurance 1.0, 4).
const (
	Name            Claim = "name"
	FamilyName      Claim = "family_name"
	GivenName       Claim = "given_name"
	BirthName       Claim = "birth_name"
	MotherBirthName Claim = "mother_birth_name"
	BirthPlace      Claim = "place_of_birth"
	BirthDate       Claim = "birthdate"
	Address         Claim = "address"
	Email           Claim = "email"
	TaxNumber       Claim = "tax_number"
	TAJ             Claim = "taj"
)

// TextKey is the key of the claim's name in words.
func (c Claim) TextKey() string { return "shell.data." + string(c) }

// Claims are all claims, in the order in which pages list them.
func Claims() []Claim {
	return []Claim{Name, FamilyName, GivenName, BirthName, MotherBirthName, BirthPlace, BirthDate, Address, Email, TaxNumber, TAJ}
}

// Service is a registered service (relying party).
type Service struct {
	ID     string            `yaml:"id"`
	Name   map[string]string `yaml:"name"`              // by language, "hu" and "en"
	About  map[string]string `yaml:"about,omitempty"`   // one line of help, by language
	URL    string            `yaml:"url"`               // where the portal sends people who choose it
	Kind   string            `yaml:"kind,omitempty"`    // one of Kinds, to which people may limit a method (R23); default "other"
	Sector string            `yaml:"sector,omitempty"`  // services of one sector know a person by the same pseudonym; default: the id
	Level  string            `yaml:"level"`             // least level: low, substantial or high
	Method []law.Method      `yaml:"methods,omitempty"` // if any are named, only these will do
	Claims []Claim           `yaml:"claims,omitempty"`  // released on the ground
	Ground string            `yaml:"ground,omitempty"`  // the law that lets it have them
	// ConsentClaims are released only to whom the citizen lets have them.
	ConsentClaims []Claim `yaml:"consent_claims,omitempty"`
	// Demands are identifiers among the claims that the citizen must state on the
	// way, and the register must confirm, before the service is told anything (R16).
	Demands []Claim `yaml:"demands,omitempty"`
	// Match is what the service may ask to have compared with what it holds: it
	// learns of each whether it is right, and nothing else (R16).
	Match []Claim `yaml:"match,omitempty"`
	// Provisional: it also takes people whom nobody has checked (R8), and is told so.
	Provisional bool `yaml:"provisional,omitempty"`
	// Mandates: it also takes people who act for another, and is told for whom, and
	// who acts.
	Mandates bool  `yaml:"mandates,omitempty"`
	OIDC     *OIDC `yaml:"oidc,omitempty"`
	SAML     *SAML `yaml:"saml,omitempty"` // beside it or in its place
}

// OtherKind is the kind of services that name none.
const OtherKind = "other"

// Kinds are the kinds of services, in the order in which pages list them.
func Kinds() []string {
	return []string{"tax", "health", "social", "work", "education", "business", "property", "justice", "local", OtherKind}
}

// MethodKey is the key of a method's name in words.
func MethodKey(m law.Method) string {
	if !slices.Contains(law.Methods(), m) {
		return "shell.method.other"
	}
	return "shell.method." + string(m)
}

// KindKey is the key of a kind's name in words; what is no kind any more is other.
func KindKey(kind string) string {
	if !slices.Contains(Kinds(), kind) {
		kind = OtherKind
	}
	return "shell.kind." + kind
}

// KindOf is the service's kind.
func (s *Service) KindOf() string {
	if s.Kind != "" {
		return s.Kind
	}
	return OtherKind
}

// MinimumLevel is the least level with which a person may reach the service.
func (s *Service) MinimumLevel() law.Level {
	l, _ := law.ParseLevel(s.Level) // checked when it was registered
	return l
}

// OnGround is what of the claims the law lets the service have, each once.
func (s *Service) OnGround(claims []Claim) []Claim { return common(s.Claims, claims) }

// OnConsent is what of the claims the citizen may let the service have, each once.
func (s *Service) OnConsent(claims []Claim) []Claim { return common(s.ConsentClaims, claims) }

// Names are the claims as text, in the order in which pages list them, each once.
func Names(claims []Claim) (names []string) {
	for _, c := range Claims() {
		if slices.Contains(claims, c) {
			names = append(names, string(c))
		}
	}
	return names
}

// common are the claims that are registered, each once.
func common(registered, claims []Claim) (list []Claim) {
	for _, c := range claims {
		if slices.Contains(registered, c) && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list
}

// SectorID is the sector under which persons are known to the service.
func (s *Service) SectorID() string {
	if s.Sector != "" {
		return s.Sector
	}
	return s.ID
}

// In returns the text in a language, or in Hungarian where that is missing.
func In(texts map[string]string, lang string) string {
	if t := texts[lang]; t != "" {
		return t
	}
	return texts["hu"]
}

// Origins are the web origins to which the service's pages may be left.
func (s *Service) Origins() []string {
	var found []string
	addresses := []string{s.URL}
	if s.OIDC != nil {
		addresses = slices.Concat(addresses, s.OIDC.RedirectURIs, s.OIDC.PostLogout)
	}
	if s.SAML != nil {
		addresses = append(addresses, s.SAML.known().addresses()...)
	}
	for _, a := range addresses {
		if u, err := url.Parse(a); err == nil && u.Host != "" {
			found = append(found, u.Scheme+"://"+u.Host)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// Catalogue is the list of services in force. It is safe for concurrent use and
// can be replaced while the program runs.
type Catalogue struct {
	current atomic.Pointer[list]
}

type list struct {
	services []*Service
	byID     map[string]*Service
	byClient map[string]*Service
	byEntity map[string]*Service
}

// New returns a catalogue of the services. It errs with all that is wrong with them.
func New(services []*Service) (*Catalogue, error) {
	c := &Catalogue{}
	return c, c.Replace(services)
}

// Parse reads the YAML list of services under the key "services".
func Parse(data []byte) ([]*Service, error) {
	var file struct {
		Services []*Service `yaml:"services"`
	}
	d := yaml.NewDecoder(strings.NewReader(string(data)))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	return file.Services, nil
}

// Marshal writes a service as [Parse] reads it.
func Marshal(s *Service) ([]byte, error) {
	return yaml.Marshal(map[string][]*Service{"services": {s}})
}

// Replace puts another list in force, unless something is wrong with it.
func (c *Catalogue) Replace(services []*Service) error {
	l := &list{services: services, byID: map[string]*Service{}, byClient: map[string]*Service{}, byEntity: map[string]*Service{}}
	var faults []error
	for _, s := range services {
		if s == nil {
			return errors.New("the list has an empty entry")
		}
		faults = append(faults, s.check()...)
		if l.byID[s.ID] != nil {
			faults = append(faults, fmt.Errorf("service %q is listed twice", s.ID))
		}
		l.byID[s.ID] = s
		faults = append(faults, l.name(s)...)
	}
	faults = append(faults, l.checkSectors()...)
	if err := errors.Join(faults...); err != nil {
		return err
	}
	c.current.Store(l)
	return nil
}

// name lists a service under the names that it has in the protocols.
func (l *list) name(s *Service) (faults []error) {
	if s.OIDC != nil {
		if l.byClient[s.OIDC.ClientID] != nil {
			faults = append(faults, fmt.Errorf("service %q: client_id %q is in use", s.ID, s.OIDC.ClientID))
		}
		l.byClient[s.OIDC.ClientID] = s
	}
	if s.SAML != nil {
		if l.byEntity[s.SAML.EntityID] != nil {
			faults = append(faults, fmt.Errorf("service %q: entity_id %q is in use", s.ID, s.SAML.EntityID))
		}
		l.byEntity[s.SAML.EntityID] = s
	}
	return faults
}

// checkSectors finds services that would share the pseudonyms of another without
// its knowing: a service that names no sector is one by itself, under its id.
func (l *list) checkSectors() (faults []error) {
	for _, s := range l.services {
		other := l.byID[s.Sector]
		if s.Sector != "" && other != nil && other != s && other.SectorID() == s.Sector && other.Sector == "" {
			faults = append(faults, fmt.Errorf("service %q: sector %q is that of the service of this name alone: to share its pseudonyms, write sector: %s there, too", s.ID, s.Sector, s.Sector))
		}
	}
	return faults
}

// All returns the services in the order of their registration.
func (c *Catalogue) All() []*Service { return c.current.Load().services }

// Service returns the service with that id, or nil.
func (c *Catalogue) Service(id string) *Service { return c.current.Load().byID[id] }

// Client returns the service with that OpenID Connect client_id, or nil.
func (c *Catalogue) Client(id string) *Service { return c.current.Load().byClient[id] }

// Entity returns the service with that SAML entity id, or nil.
func (c *Catalogue) Entity(id string) *Service { return c.current.Load().byEntity[id] }
