// Package provider is the OpenID Connect door: it answers the endpoints, turns
// authorization requests into an authn.Request for the broker, and tells the
// service who came. It owns codes and tokens. It refuses to
// know how anybody is identified, to release data that the catalogue does not
// grant, and to send anybody to an address that is not registered.
//
// # State
//
// Authorization codes, access tokens and refresh tokens are sealed (AES-256-GCM)
// and hold all that is needed to honour them, so that issuing writes nothing but
// the ledger's entry, whose id is the grant's: that is what makes a code good
// once. A second use, or one after the time, refuses the code and ends the grant
// with all that was issued for it. What must be remembered besides is little: of a
// family of refresh tokens, which generation counts; of grants and sessions, that
// they ended; of DPoP proofs, that they were used.
// Nothing holds data about a person but the gateway's own ids; the data are read
// when a token is made or the userinfo endpoint is asked.
//
// # Clients
//
// A client proves who it is by the one method that it is registered for: a
// secret, an assertion under a secret or a key (RFC 7523), a certificate (RFC
// 8705), or nothing. Its keys are those of its registration or at its jwks_uri,
// and no others, whatever a header brings along or points to; they are fetched by
// package outbound, which keeps out of our own network. An assertion is for us
// alone, and counts once. A certificate is what TLS showed, or what the header of
// a proxy holds that the operator has named.
//
// A client that registers by itself (RFC 7591 and 7592) needs a token of the
// operator's, and is told nothing of people but a pseudonym of its own: data need
// a legal ground, which nobody has checked there.
//
// # Tokens
//
// Whatever a token is shown for, one question to the database tells whether its
// grant, its session and its account are in force. A token is bound to a DPoP key
// (RFC 9449) or a certificate (RFC 8705) if the client showed one; it then counts
// for nobody else, at no endpoint. Nonces are wanted of every proof; they follow
// from the time. A refresh token is good for one use, and never for longer than
// the session; docs/decisions/0021-refresh-tokens.md tells how. A service can ask
// what its own tokens are worth (RFC 7662), and give them up (RFC 7009).
//
// # Requests
//
// What a service asks comes in the parameters of the address, in a request object
// that it signed (by value or at an address that it registered, RFC 9101), or by
// the name of a request that it pushed before (RFC 9126). Whichever it is, it ends
// as the same wire.Authorization and passes the same checks; of a request object
// and a pushed request nothing counts that stands beside it but client_id. A
// pushed request is sealed like a code, and used up by its answer.
//
// # The end of a session
//
// With a session end its codes and tokens (Ended), and services hear of it: by
// the back channel, from a queue that became due with the end itself
// (TellServices), and by frames on the page after signing out (Parting). A
// service may ask for the end; the visitor has the last word, unless it shows an
// ID token of that very session (endsession.go).
//
// # What a developer sees
//
// Of a service that has a sandbox, what it asks and how it is answered is kept
// for a while, described by words that are public (sandbox.go, sandboxlines.go).
// Who fetches the public keys while one of them waits for services is noted, too
// (seen.go).
//
// # Subjects
//
// A service knows a person by a pairwise pseudonym (OpenID Connect Core, 8.1):
// base64url of HMAC-SHA256 over the service's sector and the person, under a
// key derived from the gateway's root. It is the same for every account and
// method of the person and for all services of a sector, for as long as the
// root lives, and nobody else can link the pseudonyms of two sectors. The name
// of the session (sid) is made in the same way, for the same reason.
//
// # Claims
//
// A claim is released if the service is registered for it on a legal ground and
// asks for it, by scope (then at the userinfo endpoint) or by name in the claims
// parameter (where it says, Core 5.5).
//
//	claim                    scope                     form
//	name                     profile                   "Kovács Anna", in Hungarian order
//	family_name, given_name  profile                   text
//	birthdate                profile, identity         "1980-02-29"
//	birth_name               identity, birth_name      "Kis Anna"
//	mother_birth_name        identity, mother_birth_name
//	place_of_birth           identity, place_of_birth  {"locality": "Győr"} (Identity Assurance 1.0, 4)
//	address                  address                   {"formatted", "street_address", "locality", "postal_code", "country"}
//	email, email_verified    email                     the account's address, proved at activation
//	tax_number, taj          of the same name          digits only
//
// Of the values that the claims parameter names, those of acr and sub bind. Those
// of other claims are not kept: they would be data about a person on their way
// through the browser, and the answer is what is true.
//
// acr is one of http://eidas.europa.eu/LoA/low, substantial, high, or the name of
// a method where the service asked for it by name (authn.Method.ACR); amr follows
// RFC 8176.
package provider
