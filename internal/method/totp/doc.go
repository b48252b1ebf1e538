// Package totp owns the rooms of the second factor of Ügyfélkapu+ (R17): where
// its code is proved, where it is added and replaced, where a removal code takes
// it off. Beneath them are the shared secret, the
// digits made of it and the time (RFC 6238 on RFC 4226), the QR code that
// carries it to an authenticator app, and the removal code.
//
// It refuses to accept a code twice (RFC 6238 section 5.2), to write anything
// before a new factor has proved to work and its removal code is kept, and to
// replace a factor for somebody who has proved a password alone.
package totp
