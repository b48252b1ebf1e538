// Package passkey owns the rooms of passkeys (Web Authentication Level 3): where
// one is proved without a username, where it is made and named, where its owner
// looks after those there are, and the form by which a browser offers one on
// another method's page.
//
// It refuses keys that do not verify their user, answers from another site than
// this one, a challenge a second time, and a key of which a copy was seen. It
// never says whether a key or an account is known. Nobody adds a key by a
// password alone.
package passkey
