package office

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"kapu/internal/identity"
	"kapu/internal/office/paper"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

const (
	firstPurpose = "office/first-password"
	longestSeal  = 1000 // bytes of a sealed first password
)

// sealedFirst is a first password on its way from the page that shows it to the
// paper that is printed from there. It lives in the page alone: nothing of it is
// kept (R13).
type sealedFirst struct {
	Case     string    `json:"c"`
	Password string    `json:"p"`
	At       time.Time `json:"t"`
}

// showFirst shows the first password, once: whoever opens the case again finds
// it finished, without.
func (x *Room) showFirst(w http.ResponseWriter, r *http.Request, k desk.Clerk, id string, result desk.Result) error {
	c, err := x.Desk.Case(r.Context(), k, id)
	if err != nil {
		return err
	}
	d, err := x.finishedData(r, k, c)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(sealedFirst{id, result.First, x.Desk.Now()})
	if err != nil {
		return err
	}
	d.Done = result
	if d.Sealed, err = x.Desk.Activation.Ring.Seal(firstPurpose, raw); err != nil {
		return err
	}
	return x.show(w, r, http.StatusOK, "finished", d, nil)
}

// firstSheet prints the sealed page with the first password, from the page that
// shows it, while that is fresh and the account waits for its activation.
func (x *Room) firstSheet(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "sealed", Max: longestSeal, Secret: true})
	if err != nil {
		return err
	}
	var first sealedFirst
	raw, err := x.Desk.Activation.Ring.Unseal(firstPurpose, f.Value("sealed"))
	if err != nil || json.Unmarshal(raw, &first) != nil || first.Case != r.PathValue("case") ||
		!x.Desk.Now().Before(first.At.Add(x.Desk.Law.TransactionLife(first.At))) {
		return web.Expired("office.first")
	}
	c, h, err := x.paperCase(r.Context(), k, first.Case)
	if errors.Is(err, store.ErrNotFound) || err == nil && h.Account.State != identity.Pending {
		return web.Expired("office.first")
	}
	if err != nil {
		return err
	}
	return x.pdf(w, r, k, "first", func(words paper.Words, facts paper.Facts) ([]byte, error) {
		facts.First = first.Password
		return paper.First(words, facts)
	}, c, h)
}
