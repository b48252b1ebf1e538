package witness

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"

	"kapu/internal/filelock"
	"kapu/internal/ledger"
)

func hold(state string) (*os.File, error) {
	f, err := filelock.Hold(state + ".lock")
	if err != nil {
		return nil, fmt.Errorf("witness: another witness is running on %s, or its folder cannot be written: %w", state, err)
	}
	return f, nil
}

// errState refuses to begin anew over a state that cannot be read: a witness that
// has forgotten what it signed could be shown another tree.
var errState = errors.New("witness: the state is damaged, or of another ledger or witness; bring back the file as it was")

// load reads the last head that was signed; none is no error.
func (w *Witness) load() (last string, root ledger.Root, err error) {
	data, err := os.ReadFile(w.State)
	if errors.Is(err, fs.ErrNotExist) {
		return "", root, nil
	}
	if err != nil {
		return "", root, err
	}
	if root, err = ledger.ReadHead(string(data), w.Keys...); err != nil {
		return "", root, fmt.Errorf("%w: %s: %v", errState, w.State, err)
	}
	if _, err := note.Open(data, note.VerifierList(w.Signer)); err != nil {
		return "", root, fmt.Errorf("%w: %s: not signed by this witness", errState, w.State)
	}
	return string(data), root, nil
}

// save puts the state on the disk, whole or not at all.
func save(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// keepEvidence keeps a head that does not join to what was signed: together with
// the state it proves to anybody, by the ledger's own signature, what happened.
func (w *Witness) keepEvidence(shown string) error {
	sum := sha256.Sum256([]byte(shown))
	path := w.State + ".fork-" + hex.EncodeToString(sum[:4])
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return save(path, []byte(shown))
}
