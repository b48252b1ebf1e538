package portal

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// maxCosigned bounds what a witness may send, in bytes: far above a head with all
// its signatures.
const maxCosigned = 16 << 10

// settled is the head that witnesses are to sign, the same for all within a minute.
func (x *Room) settled(w http.ResponseWriter, r *http.Request) error {
	var signed string
	err := x.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		signed, err = x.Ledger.Settled(tx)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return web.NotFound()
	}
	if err != nil {
		return err
	}
	return writePlain(w, signed)
}

// consistency is the proof that the tree of one size is the beginning of that of
// another, a hash a line.
func (x *Room) consistency(w http.ResponseWriter, r *http.Request) error {
	older, err1 := strconv.ParseInt(r.URL.Query().Get("old"), 10, 64)
	newer, err2 := strconv.ParseInt(r.URL.Query().Get("new"), 10, 64)
	if errors.Join(err1, err2) != nil {
		return web.NotFound()
	}
	var text string
	err := x.DB.View(r.Context(), func(tx *store.Tx) error {
		proof, err := x.Ledger.Consistency(tx, older, newer)
		text = ledger.ConsistencyText(proof)
		return err
	})
	if errors.Is(err, ledger.ErrSize) || errors.Is(err, store.ErrNotFound) {
		return web.NotFound()
	}
	if err != nil {
		return err
	}
	return writePlain(w, text)
}

// cosign takes in what a witness has signed. Its answers are for a machine and
// whoever looks after it.
func (x *Room) cosign(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCosigned))
	if err != nil {
		return plainRefusal(w, http.StatusRequestEntityTooLarge, "a head with its signatures is shorter")
	}
	if !x.Ledger.Cosigned(string(body)) { // before anything is locked for writing
		return plainRefusal(w, http.StatusForbidden, "no witness known here has signed this")
	}
	taken := 0
	err = x.DB.Update(r.Context(), func(tx *store.Tx) (err error) {
		taken, err = x.Ledger.Cosign(tx, string(body))
		return err
	})
	switch {
	case errors.Is(err, ledger.ErrNotCosigned):
		return plainRefusal(w, http.StatusForbidden, "no witness known here has signed this")
	case errors.Is(err, ledger.ErrNotOurHead):
		return plainRefusal(w, http.StatusConflict, "this is not a head that was signed here")
	case err != nil:
		return err
	}
	return writePlain(w, fmt.Sprintf("taken: %d\n", taken))
}

func plainRefusal(w http.ResponseWriter, status int, why string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, err := io.WriteString(w, why+"\n")
	return err
}
