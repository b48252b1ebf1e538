package portal

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// longestReceipt is the longest receipt that may be pasted, in characters. A
// form of ours may be 64 KiB when encoded; a receipt is some 5 KiB.
const longestReceipt = 60_000

// ledgerData is the dot of the ledger's public pages.
type ledgerData struct {
	Head   ledger.Head
	Empty  bool // nothing is signed yet
	Proven *ledger.Proven
	Entry  *told // what the proven entry says

	Witnesses []ledger.Standing
}

// publicLedger says what the ledger is and shows its newest signed head.
func (x *Room) publicLedger(w http.ResponseWriter, r *http.Request) error {
	head, empty, err := x.head(r)
	if err != nil {
		return err
	}
	d := ledgerData{Head: head, Empty: empty}
	err = x.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		d.Witnesses, err = x.Ledger.Witnesses(tx)
		return err
	})
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "ledger", web.View{Data: d})
	return nil
}

func (x *Room) head(r *http.Request) (head ledger.Head, empty bool, err error) {
	err = x.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		head, err = x.Ledger.Head(tx)
		if empty = errors.Is(err, store.ErrNotFound); empty {
			head.VerifierKeys, err = x.Ledger.VerifierKeys(tx.Now)
		}
		return err
	})
	return head, empty, err
}

// checkpoint is the newest signed head as it was signed (C2SP tlog-checkpoint).
func (x *Room) checkpoint(w http.ResponseWriter, r *http.Request) error {
	head, empty, err := x.head(r)
	if err != nil {
		return err
	}
	if empty {
		return web.NotFound()
	}
	return writePlain(w, head.Note)
}

// verifierKey is the public keys of the ledger, one a line, oldest first.
func (x *Room) verifierKey(w http.ResponseWriter, r *http.Request) error {
	head, _, err := x.head(r)
	if err != nil {
		return err
	}
	return writePlain(w, strings.Join(head.VerifierKeys, "\n")+"\n")
}

func writePlain(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, err := io.WriteString(w, text)
	return err
}

func (x *Room) askReceipt(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "ask", web.View{Data: ledgerData{}})
	return nil
}

// checkReceipt tells anybody whether a receipt is genuine. It keeps nothing of it.
func (x *Room) checkReceipt(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "receipt", Max: longestReceipt, Lines: true})
	if err != nil {
		return err
	}
	var d ledgerData
	switch pasted := form.Value("receipt"); {
	case pasted == "" && form.OK():
		form.Fail("receipt", "portal.check.empty")
	case form.OK():
		if err := x.judge(r, form, pasted, &d); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if !form.OK() {
		status = http.StatusUnprocessableEntity
	}
	x.pages.Show(w, r, status, "ask", web.View{Form: form, Data: d})
	return nil
}

func (x *Room) judge(r *http.Request, form *web.Form, pasted string, d *ledgerData) error {
	return x.DB.View(r.Context(), func(tx *store.Tx) error {
		verifiers, err := x.Ledger.VerifierKeys(tx.Now)
		if err != nil {
			return err
		}
		p, err := ledger.VerifyReceipt([]byte(pasted), verifiers...)
		if errors.Is(err, ledger.ErrReceipt) {
			form.Fail("receipt", "portal.check.false")
			return nil
		}
		if err != nil {
			return err
		}
		t, err := x.tell(tx, ledger.Record{ID: p.ID, At: p.At, Kind: p.Kind, Event: p.Event, Intact: true, Position: p.Position})
		d.Proven, d.Entry = &p, &t
		return err
	})
}
