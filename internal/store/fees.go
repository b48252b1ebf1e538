package store

import (
	"strings"
	"time"
)

// Fee is what was paid at an office for a further account (R7).
type Fee struct {
	Office  string
	Receipt string // its number; an office takes each once
	Forints int
	Account string
	At      time.Time
}

// AddFee records a fee. ErrTaken: the office has taken that receipt before.
func (tx *Tx) AddFee(f Fee) error {
	_, err := tx.exec("INSERT INTO fees (id, office, receipt, forints, account, at) VALUES ($1, $2, $3, $4, $5, $6)",
		NewID(), f.Office, tx.receiptIndex(f.Receipt), f.Forints, f.Account, millis(tx.Now))
	return err
}

// receiptIndex is the blind index of a receipt's number, which leads to whoever
// paid: the fee stays in the books when its account is gone. What stands between
// letters and digits does not tell two receipts apart: one clerk types a hyphen,
// the next a stroke.
func (tx *Tx) receiptIndex(number string) string {
	between := func(c rune) bool { return strings.ContainsRune(" -/.", c) }
	return tx.db.ring.Index("fees/receipt", strings.Join(strings.FieldsFunc(number, between), " "))
}

// Fee returns what was paid with a receipt.
func (tx *Tx) Fee(office, receipt string) (Fee, error) {
	f := Fee{Office: office, Receipt: receipt}
	var at int64
	err := tx.row([]any{&f.Forints, &f.Account, &at}, "SELECT forints, account, at FROM fees WHERE office = $1 AND receipt = $2", office, tx.receiptIndex(receipt))
	f.At = fromMillis(at)
	return f, err
}
