// Package provisional owns the registration on the web (R8): the page that says
// what it is worth, the form, the wait or the work that keeps machines from
// filling it in by the thousand, the code that proves the e-mail address, and
// the page where a password makes the account.
//
// Until the address is proved nothing is kept but a sealed value that only the
// browser it belongs to can name, and that forgets itself. The account that
// follows is provisional: its owner is whom they say, by their own word only.
// No way from here makes it anything else; that is an office's.
//
// It refuses to look anybody up: whether the data typed, or the e-mail address,
// belong to somebody whom the gateway or the register knows changes nothing, so
// that nobody learns of others here. It refuses a picture puzzle of somebody
// else's as well: the right to register is computed by the browser while its
// owner types, or earned by waiting where nothing can compute.
package provisional
