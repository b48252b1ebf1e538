// Package mailcode owns the rooms of the mailed code, the second factor of people
// without an authenticator app: where a code goes to the account's own address and
// is typed, where the factor is set up, and where it is taken off.
//
// With the code goes a number that the page shows, too, so that people see whether
// the letter belongs to the page before them. The code itself travels sealed with
// the visit; nothing is kept of it but that it was used.
//
// It refuses to let a mailbox alone open an account: for some days after a password
// was chosen by a letter, codes by letter count for nothing.
package mailcode
