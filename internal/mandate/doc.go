// Package mandate owns mandates (meghatalmazások): a citizen, the principal, lets
// another, the representative, act for them at chosen services for a chosen time.
// It owns who may do what with one when, as pure rules, and the register in which
// every step is kept, recorded for both people and told to them.
//
// Nobody acts for anybody without the will of both: an offer says nothing until
// somebody who has its code accepts it, and gives nothing until the principal has
// seen who that is and confirms them. A lost code is therefore worth nothing.
//
// It refuses mandates for oneself, for longer than the law lets them be, and for
// services that take none; and since a mandate opens services and never the
// gateway's own pages, nobody gives a mandate on under a mandate. What a service is
// told is for the doors to say, and where people meet all this for package behalf.
package mandate
