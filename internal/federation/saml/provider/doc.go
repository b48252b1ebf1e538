// Package provider is the SAML 2.0 door: it answers the endpoints, turns requests
// to sign somebody on into an authn.Request for the broker, and tells the service
// who came. It refuses to know how anybody is identified, to look at XML (package
// wire does), to release data that the catalogue does not grant, and to send
// anybody to an address that is not registered.
//
// # The way of a request
//
// A message comes by Redirect, POST or SOAP (receive.go, soap.go). Its issuer
// names a service of the catalogue; only that service's own certificates verify
// it, and only what was verified is read. It must be sent to this address, be of
// now, and come for the first time. Where the answer goes is chosen among the
// addresses that are registered, before anything else is said (endpointOf).
// Faults after that are told to the service there, by the status that the
// standard has for them; faults before it are shown to the visitor.
//
// A form of another site brings no cookies, so what came in one goes on, sealed,
// at an address where they are (onward.go). The broker leads the visitor and
// calls [Provider.Reply]; what was asked travels sealed in its transaction.
//
// # State
//
// The door keeps the IDs of messages for as long as they could be replayed,
// responses behind artifacts, sealed, for a minute, and the way of a browser
// that is led from service to service at the end of a session. All of it is
// volatile. What services are told of people is in the ledger before it leaves.
//
// # Names of people and of sessions
//
// A persistent NameID is the pseudonym of the service's sector, the same as sub
// through the other door; a transient one is made of the session and the service,
// and so is SessionIndex: nothing needs to be kept to say them again.
//
// # Data
//
// A service is told what its request lists (eIDAS RequestedAttributes), or the
// list of its metadata that the request names or that is the default there, or
// all that it is registered for; of that, what the law or the person lets it
// have. Registered for the names of eIDAS, it gets those where there is one:
//
//	claim              eIDAS                 else
//	family_name        CurrentFamilyName
//	given_name         CurrentGivenName
//	birthdate          DateOfBirth           1980-02-29
//	birth_name         BirthName
//	place_of_birth     PlaceOfBirth
//	address            CurrentAddress        parts in XML under base64; plain: one text
//	name, mother_birth_name, email, tax_number, taj: by these names, format basic
//
// # The end of a session
//
// A service with a SOAP address is told from machine to machine, from the queue
// that both doors have (package federation). To one with Redirect or POST the
// browser goes itself, one service after the other (walk.go): frames have no
// cookies. The session has ended by then, so whoever is kept on the way is signed
// out here nonetheless. A service's own signed request ends the session at once,
// if it is the session that the service means.
package provider
