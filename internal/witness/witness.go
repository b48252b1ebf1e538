package witness

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/ledger"
	"kapu/internal/ledger/cosign"
)

// Config is what a witness is told.
type Config struct {
	Gateway *Gateway
	Keys    []string // of the ledger, from elsewhere than the gateway's own page if possible
	Signer  *cosign.Signer
	State   string // file with the last head that was signed
	Log     *slog.Logger
}

// Witness watches one ledger. It is safe for concurrent use; of all processes
// one at a time has the state.
type Witness struct {
	Config
	known note.Verifiers
	lock  *os.File

	mu   sync.Mutex
	last string      // the note that was signed last; "": none yet
	root ledger.Root // what stands in it
}

// The faults that a witness exists to find.
var (
	// ErrFork: the ledger shows a tree that does not go on from the one that was signed.
	ErrFork = errors.New("witness: THE LEDGER WAS REWRITTEN: the tree it shows does not contain the one that was signed before")
	// ErrStranger: the head is not signed by a key that this witness was told of.
	ErrStranger = errors.New("witness: the head is not signed by a key of the ledger that you named; if the ledger has a new key, make sure of it and name it, too")
	// ErrNothing: the ledger has no head to be signed yet.
	ErrNothing = errors.New("witness: the ledger has no settled head yet")
)

// Open takes the state, or begins one. Close it after use.
func Open(c Config) (*Witness, error) {
	w := &Witness{Config: c}
	list := make([]note.Verifier, 0, len(c.Keys))
	for _, key := range c.Keys {
		v, err := note.NewVerifier(key)
		if err != nil {
			return nil, fmt.Errorf("witness: %q is no key of a ledger: %w", key, err)
		}
		list = append(list, v)
	}
	if len(list) == 0 {
		return nil, errors.New("witness: name a key of the ledger")
	}
	w.known = note.VerifierList(list...)
	var err error
	if w.lock, err = hold(c.State); err != nil {
		return nil, err
	}
	if w.last, w.root, err = w.load(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// Close lets another process have the state.
func (w *Witness) Close() error { return w.lock.Close() }

// Seen is what a look has found.
type Seen struct {
	Size   int64 // of the largest tree that was signed
	Signed bool  // by this look
	At     time.Time
}

// Look fetches the head that the gateway shows to witnesses, and signs it if the
// tree only grew. What was signed is handed to the gateway, again if it was lost.
func (w *Witness) Look(ctx context.Context) (Seen, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	signed, err := w.Gateway.Settled(ctx)
	if err != nil {
		return w.seen(false), err
	}
	n, root, err := w.read(signed)
	if err != nil {
		return w.seen(false), err
	}
	switch {
	case w.last == "":
		w.Log.Warn("this is the first head that this witness sees: what was before it is taken on trust", "size", root.Size, "root", tlog.Hash(root.Hash).String())
	case root.Size <= w.root.Size:
		if err := w.joins(ctx, root, w.root, signed); err != nil {
			return w.seen(false), err
		}
		return w.seen(false), w.handAgain(ctx, root, signed)
	default:
		if err := w.joins(ctx, w.root, root, signed); err != nil {
			return w.seen(false), err
		}
	}
	if err := w.sign(n, root); err != nil {
		return w.seen(false), err
	}
	return w.seen(true), w.Gateway.Hand(ctx, w.last)
}

func (w *Witness) seen(signed bool) Seen { return Seen{w.root.Size, signed, w.root.At} }

// read opens a head that a key of the ledger vouches for.
func (w *Witness) read(signed string) (*note.Note, ledger.Root, error) {
	root, err := ledger.ReadHead(signed, w.Keys...)
	if err != nil {
		return nil, root, fmt.Errorf("%w (%v)", ErrStranger, err)
	}
	n, err := note.Open([]byte(signed), w.known)
	if err != nil {
		return nil, root, ErrStranger
	}
	n.UnverifiedSigs = nil // other witnesses speak for themselves
	return n, root, nil
}

// joins makes sure that the older tree is the beginning of the newer. What is
// shown is kept as evidence if it is not.
func (w *Witness) joins(ctx context.Context, older, newer ledger.Root, shown string) error {
	if older.Size == newer.Size {
		if older.Hash == newer.Hash {
			return nil
		}
		return errors.Join(ErrFork, w.keepEvidence(shown))
	}
	proof, err := w.Gateway.Consistency(ctx, older.Size, newer.Size)
	if err != nil && !errors.Is(err, errRefused) {
		return err // the gateway cannot be reached: that says nothing of the ledger
	}
	if err == nil {
		err = tlog.CheckTree(proof, newer.Size, newer.Hash, older.Size, older.Hash)
	}
	if err != nil {
		return errors.Join(ErrFork, w.keepEvidence(shown))
	}
	return nil
}

// sign signs the head once the state with the signature is on the disk.
func (w *Witness) sign(n *note.Note, root ledger.Root) error {
	signed, err := note.Sign(n, w.Signer)
	if err != nil {
		return err
	}
	if err := save(w.State, signed); err != nil {
		return err
	}
	w.last, w.root = string(signed), root
	return nil
}

// handAgain hands in what was signed before, if the gateway shows that head without it.
func (w *Witness) handAgain(ctx context.Context, shown ledger.Root, signed string) error {
	if shown.Size != w.root.Size || strings.Contains(signed, "\n— "+w.Signer.Name()+" ") {
		return nil
	}
	return w.Gateway.Hand(ctx, w.last)
}

// Last is the last head that was signed, as a note; "": none yet.
func (w *Witness) Last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// Run looks again and again until ctx ends. It goes on after a fault: the ledger's
// state does not change by our looking away.
func (w *Witness) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		seen, err := w.Look(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, ErrNothing):
			w.Log.Info("nothing to sign yet")
		case err != nil:
			w.Log.Error("not signed", "cause", err, "last signed", seen.Size)
		case seen.Signed:
			w.Log.Info("signed", "size", seen.Size)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
