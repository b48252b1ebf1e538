// Package totp owns the second factor of Ügyfélkapu+: the shared secret, the
// six digits made of it and the time (RFC 6238 on RFC 4226), the QR code that
// carries it to an authenticator app, and the removal code that takes it off.
//
// It refuses to keep anything: the caller stores the secret (encrypted), the
// last step used (so that no code is good twice, RFC 6238 section 5.2) and the
// hash of the removal code.
package totp
