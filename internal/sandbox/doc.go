// Package sandbox owns what a developer sees of the last exchanges between their
// service and the gateway: what was sent, what we answered, what was wrong and
// what to do. It owns the page, its key, and what is kept for it.
//
// It keeps nothing secret and nothing about people. That does not depend on
// finding what to black out: an exchange is described by words that the doors
// have listed beforehand (the names and values of the protocol), by addresses
// that the service registered, and by numbers of characters. Whatever else was
// sent is shown as its length. See [Words].
//
// An operator allows it service by service. Of services without a sandbox nothing
// is looked at; of the others the last few exchanges are kept, for minutes, in the
// volatile store. The page opens with a code that counts once, typed into it, so
// that no address holds a secret. The package refuses to know any protocol: doors
// describe their exchanges with it.
package sandbox
