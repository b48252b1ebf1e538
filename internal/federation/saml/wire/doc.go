// Package wire owns how SAML 2.0 looks on the wire: it reads what services send
// (requests, logout, artifacts, metadata), verifies its signatures, and writes
// what the identity provider sends, signed and sealed. It is pure: no network,
// no clock, no catalogue, no keys of its own.
//
// Reading has two steps, and the types keep them apart. [ReadRedirect], [ReadPost]
// and [ReadSOAP] open an envelope and give a [Message], which tells who claims to
// have sent it and no more. [Message.Verify], given the certificates pinned for
// that service, gives a [Document]; only documents can be read. Where the
// signature is inside, what is read is the octets that were digested, parsed once
// more: nothing else of the message is ever looked at again.
//
// It refuses what XML can do and SAML does not need: document types and with them
// entities, processing instructions, comments in messages, CDATA, encodings other
// than UTF-8, names beyond ASCII, whatever two parsers could read in two ways. It
// refuses elements and attributes that the schema does not have at that place,
// signatures over anything but the message itself, keys that the message brings
// along, SHA-1 and symmetric algorithms. Every limit stands in limits.go.
//
// The parser and the canonical form are our own, for two reasons. The libraries
// for signatures parse and copy several times over, which is slow; and they read
// keys from the message, do not know ECDSA as XML has it and sort some attributes
// wrongly. Ours is short, has one tree for the digest and for the reader, and is
// held in the tests against Go's parser, goxmldsig, libxml2 and xmlsec1. What we
// write ourselves is in canonical form from the start, so that signing costs
// little more than the signature.
//
// Every refusal is an [*Error] with the status that SAML has for it, the section
// of the standard, and whether the service may be told.
//
// The standards are those of OASIS: Assertions and Protocols ("SAML Core"),
// Bindings ("SAML Bindings"), Profiles, Metadata ("SAML Metadata"), Login and
// Discovery User Interface ("mdui"), Entity Attributes, with their errata; those
// of the W3C: XML Signature ("XMLDSig"), Exclusive XML Canonicalization, XML
// Encryption ("XMLEnc"); and the eIDAS technical specifications 1.2.
package wire
