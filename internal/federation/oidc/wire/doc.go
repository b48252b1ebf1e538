// Package wire owns how OpenID Connect looks on the wire: it reads requests
// (authorization, token, end of session) from their parameters, checks what can
// be checked without knowing who asks, and writes responses, the discovery
// document and the payload of ID tokens. It is pure: no network, no clock, no
// keys, no catalogue. It refuses parameters and JSON members that occur twice,
// that are too long, too deep or not text; unknown ones it ignores (RFC 6749, 3.1).
//
// The standards are those of the OpenID Foundation and the IETF: OpenID Connect
// Core 1.0 ("Core"), Discovery 1.0, RP-Initiated Logout 1.0, RFC 6749 (OAuth
// 2.0), RFC 6750 (bearer tokens), RFC 7009 (revocation), RFC 7636 (PKCE), RFC 7662
// and 9701 (introspection), RFC 8705 (certificates), RFC 9101 (request objects,
// "JAR"), RFC 9126 (pushed requests, "PAR"), RFC 9207 (iss in responses), RFC 9449
// (DPoP), JARM (responses that are JWTs) and RFC 9700 (best practice).
package wire
