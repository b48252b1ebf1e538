// Package activation owns what makes an account of a registration (R5): the page
// that takes username and mailed code, the page where a password of one's own
// takes the code's place, and the job that deletes a registration nobody
// activated in time, with all personal data.
//
// It refuses to tell whether a username exists, to carry a code in an address,
// and to write anything before the password is chosen.
package activation
