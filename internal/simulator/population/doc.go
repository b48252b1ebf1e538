// Package population owns a population register that does not exist: a few thousand synthetic people with consistent
// identifiers, and named ones for each situation a desk meets. It answers as the real register would, directly or
// over HTTP with mutual TLS, and can be made slow or unreachable.
//
// The same seed gives the same people on every machine and every day; only the validity of documents follows the
// clock. It refuses to hold real people, and package app refuses to serve it in earnest.
package population
