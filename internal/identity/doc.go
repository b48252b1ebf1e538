// Package identity owns the nouns of the gateway: a person and their names, birth, address, documents and
// identifiers, and the username and e-mail address of an account. Every value that enters from outside passes one
// Parse function here, which tidies what people really type (blanks, hyphens, decomposed accents) and refuses the
// rest with an *Invalid.
//
// It refuses to know clocks, databases, networks and legal numbers: whether a document is accepted or a period has
// passed is for package law to say. It imports the standard library only.
package identity
