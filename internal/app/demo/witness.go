package demo

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kapu/internal/ledger/cosign"
	"kapu/internal/witness"
)

const (
	witnessKey   = "witness.key"
	witnessState = "witness.state"
	// witnessEvery is how often the demo's witness looks at the ledger.
	witnessEvery = 20 * time.Second
)

// witnessKey opens the keys of the demo's witness, or makes them.
func (d *Demo) witnessKey() (signer *cosign.Signer, public []string, err error) {
	path := filepath.Join(d.options.Data, witnessKey)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		var private string
		if private, _, err = cosign.NewKey("witness.demo.kapu.example/w1"); err != nil {
			return nil, nil, err
		}
		data = []byte(private + "\n")
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		return nil, nil, err
	}
	signer, err = cosign.NewSigner(strings.TrimSpace(string(data)), d.options.Now)
	if err != nil {
		return nil, nil, err
	}
	return signer, []string{signer.Key()}, nil
}

// watch runs the witness, which knows the ledger by its public pages alone.
func (d *Demo) watch(ctx context.Context, signer *cosign.Signer) error {
	gateway, err := witness.NewGateway(d.Issuer)
	if err != nil {
		return err
	}
	keys, err := d.App.Ledger.VerifierKeys(d.options.Now())
	if err != nil {
		return err
	}
	d.Witness, err = witness.Open(witness.Config{Gateway: gateway, Keys: keys, Signer: signer, State: filepath.Join(d.options.Data, witnessState), Log: d.options.Log})
	if err != nil {
		return err
	}
	d.running.Go(func() { d.Witness.Run(ctx, witnessEvery) })
	return nil
}
