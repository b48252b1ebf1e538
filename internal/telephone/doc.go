// Package telephone owns the line: a SIP endpoint (RFC 3261) that answers
// calls of known trunks, plays A-law to them, hears their keys, and hangs up.
// What is said and what a key means is a Conversation's business.
//
// It refuses whoever is not on the list of trunks, silently; whatever is more
// than its limits allow, before it keeps anything of it; and to send sound
// anywhere but to the address that was negotiated, for longer than somebody is
// there. It never rings anybody up, registers nowhere, forwards nothing, and
// tells nobody the number of a caller.
//
// One message goes through intake (is it SIP, and small enough?), the gate (is
// it from a trunk, and within the limits?), the transactions (is it a
// repetition?) and then to its call. One call is one goroutine: only it speaks
// with the Conversation, and never two things at once.
package telephone
