package account

import (
	"context"
	"net/http"
	"time"

	"kapu/internal/web"
)

// mostLetters is how many times a day an account may ask for letters with links,
// which go to whatever address is typed.
const mostLetters = 10

// sameClick is how soon after an act the same one again is taken for a button
// pressed twice, which sends no second letter.
const sameClick = time.Minute

// longestPassword is the most characters of a password that are read; the room
// that compares it knows its own bound.
const longestPassword = 4096

// often tells whether the account has asked for letters too often, counting this time.
func (x *Room) often(ctx context.Context, account string) (bool, error) {
	n, err := x.Broker.Volatile.Increment(ctx, "account/letters/"+account, 24*time.Hour)
	return n > mostLetters, err
}

// confirmOwner asks for the password and, once it is right, whether letters may still
// be sent; the status to show the form with is 0 if all is well.
func (x *Room) confirmOwner(w http.ResponseWriter, r *http.Request, account string, form *web.Form) (status int, err error) {
	status, err = x.Confirm(w, r, account, form, "password")
	if err != nil || status != 0 {
		return status, err
	}
	often, err := x.often(r.Context(), account)
	if often {
		form.Fail("", "account.often")
		status = http.StatusTooManyRequests
	}
	return status, err
}
