// Package message owns what a SIP message is worth (RFC 3261): read it, refuse
// it with a status, or drop it; and what is written in answer.
//
// A message is looked at twice: by eyes of our own, which only split it into
// lines and keep what an answer has to repeat, and, if that makes sense, by the
// parser of sipgo. So even what the parser cannot read is refused in form, and
// a fault of the parser, be it a panic, costs one message. It keeps nothing
// between two messages, and opens no address that a message names.
package message

import "errors"

// Limits of one message. The torture messages of RFC 4475 are within them.
const (
	Largest    = 8 << 10 // bytes
	mostLines  = 128     // headers
	mostVias   = 48
	longestURI = 512 // bytes
)

// Why a message is dropped without an answer.
var (
	ErrLarge   = errors.New("message: too large")
	ErrNotSIP  = errors.New("message: not a SIP message that could be answered")
	ErrNoReply = errors.New("message: nothing to answer")
	ErrPanic   = errors.New("message: the parser panicked")
)
