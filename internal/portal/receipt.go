package portal

import (
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"kapu/internal/broker"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// placeSoon is how long a page waits before it looks again for a receipt: the
// tree is grown about once a second.
const placeSoon = 2 * time.Second

// receiptData is the dot of the page of one entry.
type receiptData struct {
	Entry   told
	Pending bool           // it has no place in the tree yet
	Proven  *ledger.Proven // what its receipt proves; nil while pending, and for an entry that is damaged
	URL     string         // of the receipt as a file
	Watched bool           // outside witnesses watch this ledger
}

// receipt shows one entry of the visitor's own with its proof. Somebody else's
// is not found, as one that does not exist.
func (x *Room) receipt(w http.ResponseWriter, r *http.Request) error {
	d := receiptData{URL: r.URL.Path + "/receipt.json", Watched: len(x.Ledger.WitnessKeys) > 0}
	err := x.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		person, id := broker.Of(r.Context()).Session.Person(), r.PathValue("id")
		if d.Entry, err = x.entry(tx, person, id); err != nil {
			return err
		}
		d.Proven, err = x.prove(tx, person, id)
		d.Pending = errors.Is(err, ledger.ErrPending)
		if d.Pending || !d.Entry.Intact {
			return nil
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return web.NotFound()
	}
	if err != nil {
		return err
	}
	v := web.View{Data: d}
	if d.Pending {
		v.Refresh = &web.Refresh{After: placeSoon}
	}
	x.pages.Show(w, r, http.StatusOK, "receipt", v)
	return nil
}

// entry reads one entry of a person. The history is read backwards from an id;
// the first character after the wanted one makes it the first to be found.
func (x *Room) entry(tx *store.Tx, person, id string) (told, error) {
	if uuid.Validate(id) != nil {
		return told{}, store.ErrNotFound
	}
	records, err := x.Ledger.History(tx, person, id+"0", 1)
	if err != nil {
		return told{}, err
	}
	if len(records) == 0 || records[0].ID != id {
		return told{}, store.ErrNotFound
	}
	return x.tell(tx, records[0])
}

// prove checks the entry's receipt as a stranger would.
func (x *Room) prove(tx *store.Tx, person, id string) (*ledger.Proven, error) {
	data, err := x.Ledger.Receipt(tx, person, id)
	if err != nil {
		return nil, err
	}
	verifiers, err := x.Ledger.VerifierKeys(tx.Now)
	if err != nil {
		return nil, err
	}
	p, err := ledger.Trust{Keys: verifiers, Witnesses: x.Ledger.WitnessKeys}.Verify(data)
	return &p, err
}

// downloadReceipt hands out the receipt as a file.
func (x *Room) downloadReceipt(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if uuid.Validate(id) != nil {
		return web.NotFound()
	}
	var data []byte
	err := x.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		data, err = x.Ledger.Receipt(tx, broker.Of(r.Context()).Session.Person(), id)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	case errors.Is(err, ledger.ErrPending):
		return web.SeeOther(w, r, "/account/history/"+id)
	case err != nil:
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="kapu-`+id+`.json"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(data)
	return err
}
