package provider

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/store"
)

// Registry keeps the services that register by themselves, and writes down that
// they did. What it took counts here when it returns.
type Registry interface {
	// Add takes a service; token is the name of the initial access token.
	Add(ctx context.Context, s *catalogue.Service, token string) error
	// Change puts a service in the place of the one with its id.
	Change(ctx context.Context, s *catalogue.Service) error
	// Remove forgets a service.
	Remove(ctx context.Context, id string) error
}

// The purposes of the digests under which the two kinds of tokens are known.
const initialPurpose, registrationPurpose = "oidc/initial", "oidc/registration"

// register takes a new client (RFC 7591, 3.1). Whoever holds an initial access
// token of the operator may register, and the client is told no more of people
// than a pseudonym of its own: for data there must be a legal ground, and that is
// the operator's to check.
func (p *Provider) register(w http.ResponseWriter, r *http.Request) error {
	token := bearer(r)
	known, err := p.initial(r.Context(), token)
	if err != nil {
		return p.wantBearer(w, err)
	}
	q, err := readRegistration(w, r)
	if err != nil {
		return err
	}
	s, err := described(q, "self-"+store.NewID())
	if err != nil {
		return err
	}
	secret, err := GiveSecret(p.Broker.Ring, s.OIDC)
	if err != nil {
		return err
	}
	own := keys.RandomToken()
	s.OIDC.RegistrationDigest = p.Broker.Ring.Digest(registrationPurpose, own)
	if err := sound(s); err != nil {
		return err
	}
	if err := p.spendInitial(r.Context(), token); err != nil {
		return p.wantBearer(w, err)
	}
	if err := p.Registry.Add(r.Context(), s, known.Name); err != nil {
		return err
	}
	return p.tellClient(w, http.StatusCreated, s, secret, own)
}

// registered is the service that a request to its own address is about, whose
// registration access token it brings (RFC 7592, 2). Of a client that does not
// exist, no more is said than of a wrong token.
func (p *Provider) registered(w http.ResponseWriter, r *http.Request) (*catalogue.Service, error) {
	token, s := bearer(r), p.Broker.Catalogue.Client(r.PathValue("client"))
	if s == nil || token == "" || !s.OIDC.KnowsRegistration(p.Broker.Ring.Digest(registrationPurpose, token)) {
		return nil, p.wantBearer(w, errRegistration)
	}
	if err := p.notTooOften(r.Context(), s.ID); err != nil {
		return nil, p.wantBearer(w, err)
	}
	return s, nil
}

var errRegistration = wire.Refuse(wire.InvalidToken, "RFC 7592, 2", "the token for this registration is missing, wrong or used up")

// readClient tells a client how it is registered (RFC 7592, 2.1).
func (p *Provider) readClient(w http.ResponseWriter, r *http.Request) error {
	s, err := p.registered(w, r)
	if err != nil {
		return err
	}
	return p.tellClient(w, http.StatusOK, s, "", bearer(r))
}

// changeClient puts what the client says now in place of all that it said before
// (RFC 7592, 2.2).
func (p *Provider) changeClient(w http.ResponseWriter, r *http.Request) error {
	present, err := p.registered(w, r)
	if err != nil {
		return err
	}
	q, err := readRegistration(w, r)
	if err != nil {
		return err
	}
	if q.ID != present.OIDC.ClientID || q.Secret != "" && !p.hasSecret(present.OIDC, q.Secret) {
		return wire.Refuse(wire.InvalidClientMetadata, "RFC 7592, 2.2", "client_id and client_secret must be those of this client")
	}
	s, err := described(q, present.ID)
	if err != nil {
		return err
	}
	s.OIDC.RegistrationDigest = present.OIDC.RegistrationDigest
	s.OIDC.KeepSecret(present.OIDC)
	secret := ""
	if s.OIDC.NeedsSecret() && s.OIDC.SecretDigest == "" && s.OIDC.SealedSecret == "" {
		if secret, err = GiveSecret(p.Broker.Ring, s.OIDC); err != nil {
			return err
		}
	}
	if err := sound(s); err != nil {
		return err
	}
	if err := p.Registry.Change(r.Context(), s); err != nil {
		return err
	}
	return p.tellClient(w, http.StatusOK, s, secret, bearer(r))
}

// removeClient forgets a client at its own wish (RFC 7592, 2.3).
func (p *Provider) removeClient(w http.ResponseWriter, r *http.Request) error {
	s, err := p.registered(w, r)
	if err != nil {
		return err
	}
	if err := p.Registry.Remove(r.Context(), s.ID); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// bearer is the token of the Authorization header; "" for none.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || len(token) > 2*len(keys.RandomToken()) {
		return ""
	}
	return strings.TrimSpace(token)
}

// wantBearer says which token is wanted (RFC 6750, 3).
func (p *Provider) wantBearer(w http.ResponseWriter, err error) error {
	var fault *wire.Error
	if errors.As(err, &fault) && fault.Code == wire.InvalidToken {
		w.Header().Set("WWW-Authenticate", `Bearer realm="`+p.Issuer+`", error="`+fault.Code+`"`)
	}
	return err
}

func readRegistration(w http.ResponseWriter, r *http.Request) (q wire.Registration, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return q, wire.Refuse(wire.InvalidClientMetadata, "RFC 7591, 3.1", "the body is not application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxRegistration))
	if err != nil {
		return q, wire.Refuse(wire.InvalidClientMetadata, "RFC 7591, 3.1", "the body is too large or incomplete")
	}
	return wire.ParseRegistration(body)
}

// described makes a service of what a client says of itself, with what the
// standard has where it says nothing.
func described(q wire.Registration, id string) (*catalogue.Service, error) {
	o, err := catalogue.ReadMetadata(q.Members)
	if err != nil {
		return nil, wire.Refuse(wire.InvalidClientMetadata, "RFC 7591, 2", "%s", wire.Sayable(err.Error()))
	}
	o.ClientID = id
	if o.AuthMethod == "" {
		o.AuthMethod = string(wire.SecretBasic)
	}
	if err := limited(q, o); err != nil {
		return nil, err
	}
	names := named(q.Name, wire.HostOf(o.RedirectURIs[0]))
	for _, name := range names {
		if utf8.RuneCountInString(name) > longestName {
			return nil, wire.Refuse(wire.InvalidClientMetadata, "RFC 7591, 2", "client_name is too long to be shown beside the host of its address")
		}
	}
	s := &catalogue.Service{ID: id, Name: names, URL: q.Home, Level: law.Substantial.String(), OIDC: o}
	if s.URL == "" {
		s.URL = wire.OriginOf(o.RedirectURIs[0]) + "/"
	}
	return s, nil
}

// named are the names that people read. Nobody has checked them, so the host
// always stands beside them, once.
func named(said map[string]string, host string) map[string]string {
	names, mark := map[string]string{"hu": host}, " ("+host+")"
	for lang, name := range said {
		if lang == "" && said["hu"] == "" {
			lang = "hu"
		}
		if name = strings.TrimSuffix(name, mark); lang != "" && name != "" && name != host {
			names[lang] = name + mark
		}
	}
	return names
}

// Bounds of what a client may register by itself.
const (
	maxAddresses   = 16
	longestAddress = 1024 // bytes
	longestName    = 160  // characters of a name and the host beside it
)

// limited refuses what only the operator may register.
func limited(q wire.Registration, o *catalogue.OIDC) error {
	all := slices.Concat(o.RedirectURIs, o.PostLogout, o.RequestURIs, []string{o.JWKSURI, o.BackchannelLogout, o.FrontchannelLogout, q.Home})
	if len(o.RedirectURIs) > maxAddresses || len(o.PostLogout) > maxAddresses || len(o.RequestURIs) > maxAddresses ||
		slices.ContainsFunc(all, func(a string) bool { return len(a) > longestAddress }) {
		return wire.Refuse(wire.InvalidClientMetadata, "RFC 7591, 5", "there are more than %d addresses, or one of more than %d bytes", maxAddresses, longestAddress)
	}
	if len(o.RedirectURIs) == 0 {
		return wire.Refuse(wire.InvalidRedirectURI, "RFC 7591, 2", "redirect_uris is missing")
	}
	for _, u := range slices.Concat(o.RedirectURIs, o.PostLogout) {
		if err := catalogue.CheckRedirect(u); err != nil {
			return wire.Refuse(wire.InvalidRedirectURI, "RFC 7591, 2", "a redirect address %s", wire.Sayable(err.Error()))
		}
	}
	if slices.Contains(o.GrantTypes, wire.ClientCredentials) {
		return wire.Refuse(wire.InvalidClientMetadata, "RFC 7591, 5", "client_credentials is for clients that the operator registers")
	}
	for _, u := range []string{q.Home, o.BackchannelLogout} {
		if u != "" && !slices.ContainsFunc(o.RedirectURIs, func(r string) bool { return wire.HostOf(r) == wire.HostOf(u) }) {
			return wire.Refuse(wire.InvalidClientMetadata, "RFC 7591, 5", "client_uri and backchannel_logout_uri must be on the host of one of redirect_uris")
		}
	}
	return nil
}

// sound checks it as the operator's registrations are checked.
func sound(s *catalogue.Service) error {
	if _, err := catalogue.New([]*catalogue.Service{s}); err != nil {
		text := strings.ReplaceAll(err.Error(), `service "`+s.ID+`": `, "")
		return wire.Refuse(wire.InvalidClientMetadata, "RFC 7591, 2", "%s", wire.Sayable(text))
	}
	return nil
}

// tellClient tells a client how it is registered, with its tokens (RFC 7591,
// 3.2.1; RFC 7592, 3). A secret is told when it is made, and never again.
func (p *Provider) tellClient(w http.ResponseWriter, status int, s *catalogue.Service, secret, own string) error {
	told, err := s.OIDC.Metadata()
	if err != nil {
		return err
	}
	told["client_id"], told["client_name"] = s.OIDC.ClientID, s.Name["hu"]
	told["response_types"], told["subject_type"], told["client_uri"] = []string{"code"}, "pairwise", s.URL
	told["registration_access_token"], told["registration_client_uri"] = own, p.Issuer+wire.RegistrationPath+"/"+s.OIDC.ClientID
	if s.Name["en"] != "" {
		told["client_name#en"] = s.Name["en"]
	}
	if told["grant_types"] == nil {
		told["grant_types"] = []string{wire.AuthorizationCode}
	}
	told["id_token_signed_response_alg"] = idTokenAlg(s.OIDC)
	if secret != "" {
		told["client_secret"], told["client_secret_expires_at"] = secret, 0
	}
	if status == http.StatusCreated {
		told["client_id_issued_at"] = p.Broker.Now().Unix()
	}
	return writeJSON(w, status, told)
}
