package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/ledger/cosign"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// newReceipt is the receipt of an entry, with the key to check it by.
func newReceipt(t *testing.T) (receipt, key string) {
	t.Helper()
	db, clock := storetest.SQLite(t)
	set, err := rotation.Open(t.Context(), db, "ledger", keys.EdDSA, keys.LedgerSchedule(), clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	l := ledger.New(ledger.Config{DB: db, Ring: storetest.Ring(t), Origin: "kapu.example/ledger", Keys: set})
	name, id, person := identity.Name{Family: "Próba", Given: "Anna"}, "", ""
	err = db.Update(t.Context(), func(tx *store.Tx) (err error) {
		person, err = tx.SavePerson("ref", identity.Person{CurrentName: name, Core: identity.Core{BirthName: name, MotherBirthName: name, BirthDate: identity.Date{Year: 1980, Month: 2, Day: 3}}})
		if err == nil {
			id, err = l.Append(tx, person, ledger.Identified{Method: law.TOTP, Level: law.Substantial, Device: "Firefox"})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	var data []byte
	err = db.View(t.Context(), func(tx *store.Tx) (err error) {
		data, err = l.Receipt(tx, person, id)
		return err
	})
	verifiers, err2 := l.VerifierKeys(clock.Now())
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return string(data), verifiers[0]
}

func TestAReceiptIsCheckedWithoutTheGateway(t *testing.T) {
	receipt, key := newReceipt(t)
	_, stranger := newReceipt(t)
	_, witness, err := cosign.NewKey("witness.example/w1")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text   string
		change func(*verifyReceiptCommand)
		status int
		says   string
	}{
		"genuine":             {receipt, nil, 0, ""},
		"without a key":       {receipt, func(v *verifyReceiptCommand) { v.Key = nil }, statusUnvouched, "no key of the ledger was given"},
		"too few witnesses":   {receipt, func(v *verifyReceiptCommand) { v.WitnessKey, v.Witnesses = []string{witness}, 1 }, statusUnvouched, "0 of 1"},
		"of another ledger":   {receipt, func(v *verifyReceiptCommand) { v.Key = []string{stranger} }, statusForged, "not signed by the ledger"},
		"another entry":       {strings.Replace(receipt, "totp", "tolp", 1), nil, statusForged, "does not stand in the ledger"},
		"another value":       {strings.Replace(receipt, `"position": 0`, `"position": 1`, 1), nil, statusForged, "does not stand"},
		"no receipt":          {"{}", nil, statusForged, "not a receipt"},
		"a key that is none":  {receipt, func(v *verifyReceiptCommand) { v.Key = []string{"x"} }, 1, "verifier key"},
		"a file without end":  {strings.Repeat(" ", 2<<20), nil, statusForged, "not a receipt"},
		"a witness's as ours": {receipt, func(v *verifyReceiptCommand) { v.Key = []string{witness} }, 1, "verifier key"},
	} {
		file := filepath.Join(t.TempDir(), "receipt.json")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		command := verifyReceiptCommand{File: file, Key: []string{key}}
		if c.change != nil {
			c.change(&command)
		}
		err := command.Run(t.Context())
		status := 0
		var coded interface{ ExitCode() int }
		switch {
		case errors.As(err, &coded):
			status = coded.ExitCode()
		case err != nil:
			status = 1
		}
		if status != c.status || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: status %d, %v", name, status, err)
		}
	}
}

func TestAReceiptIsToldInWords(t *testing.T) {
	var out strings.Builder
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	tellReceipt(&out, ledger.Proven{ID: "e", At: at, Kind: "signin.succeeded", Position: 4, Size: 12, Signed: at, Origin: "kapu.example/ledger",
		Witnesses: []ledger.Witnessed{{Name: "witness.example/w1", At: at}}})
	for _, want := range []string{"kapu.example/ledger", "signin.succeeded", "5 of 12", "witness.example/w1, 2026-03-02T09:00:00Z"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, out.String())
		}
	}
}

func TestTheKeysOfAWitnessAreMadeOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "witness.key")
	command := witnessKeyCommand{Name: "witness.example/w1", Out: file}
	if err := command.Run(); err != nil {
		t.Fatal(err)
	}
	if err := command.Run(); !errors.Is(err, os.ErrExist) {
		t.Errorf("the key was made anew: %v", err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}
