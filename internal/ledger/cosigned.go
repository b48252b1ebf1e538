package ledger

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/ledger/cosign"
	"kapu/internal/store"
)

const (
	// settledEvery is how long the head that witnesses are shown stays the same: long
	// enough for all of them to sign one and the same.
	settledEvery = time.Minute
	// cosignedAhead is how many cosignatures are looked through for a receipt's head.
	cosignedAhead = 64
	// maxCosigned bounds a head that a witness sends, in bytes.
	maxCosigned = 16 << 10
)

// Errors of [Ledger.Cosign].
var (
	ErrNotCosigned = errors.New("ledger: no known witness has signed this")
	ErrNotOurHead  = errors.New("ledger: this is not a head that we signed")
)

// Settled returns the head that witnesses are to sign: the newest of the last
// full minute, and so the same for all who ask within one, with what has been
// signed beneath it. [store.ErrNotFound]: there is none yet.
func (l *Ledger) Settled(tx *store.Tx) (string, error) {
	c, err := tx.CheckpointBefore(tx.Now.Truncate(settledEvery))
	if err != nil {
		return "", err
	}
	return l.cosigned(tx, c)
}

// cosigned is a head with what witnesses that count here have signed beneath it.
func (l *Ledger) cosigned(tx *store.Tx, c store.Checkpoint) (string, error) {
	found, err := tx.CosignaturesBetween(c.Size, c.Size)
	if err != nil {
		return "", err
	}
	signed := c.Note
	for _, s := range found {
		if l.counts(s.Witness) {
			signed += s.Line + "\n"
		}
	}
	return signed, nil
}

// counts tells whether a witness is one of ours.
func (l *Ledger) counts(witness string) bool {
	for _, key := range l.WitnessKeys {
		if strings.HasPrefix(key, witness+"+") {
			return true
		}
	}
	return false
}

// Cosign takes in what witnesses have signed beneath a head of ours, as a note,
// and returns how many of them are known. Everything else in it is passed over.
func (l *Ledger) Cosign(tx *store.Tx, signed string) (taken int, err error) {
	n, err := l.openCosigned(signed)
	if err != nil {
		return 0, err
	}
	h, err := parseHead(n.Text)
	if err != nil {
		return 0, ErrNotOurHead
	}
	c, err := tx.CheckpointOf(h.size)
	if errors.Is(err, store.ErrNotFound) || err == nil && !strings.HasPrefix(c.Note, n.Text+"\n") {
		return 0, ErrNotOurHead
	}
	if err != nil {
		return 0, err
	}
	for _, s := range n.Sigs {
		if err := tx.PutCosignature(cosignatureOf(h.size, s)); err != nil {
			return taken, err
		}
		taken++
	}
	return taken, nil
}

// Cosigned tells whether a witness of ours has signed that note, whatever it says.
func (l *Ledger) Cosigned(signed string) bool {
	_, err := l.openCosigned(signed)
	return err == nil
}

func (l *Ledger) openCosigned(signed string) (*note.Note, error) {
	known, err := witnessList(l.WitnessKeys)
	if err != nil {
		return nil, err
	}
	if len(signed) > maxCosigned || !isPlainNote(signed) {
		return nil, ErrNotCosigned
	}
	n, err := note.Open([]byte(signed), known)
	if err != nil {
		return nil, ErrNotCosigned
	}
	return n, nil
}

func cosignatureOf(size int64, s note.Signature) store.Cosignature {
	return store.Cosignature{Size: size, Witness: fmt.Sprintf("%s+%08x", s.Name, s.Hash), At: cosign.At(s), Line: "— " + s.Name + " " + s.Base64}
}

// headFor is the head for the receipt of the entry at that place: of those beyond
// it that most witnesses have signed the newest, or else the newest of all.
func (l *Ledger) headFor(tx *store.Tx, position int64) (signed string, size int64, err error) {
	if size, err = l.mostCosigned(tx, position); err != nil {
		return "", 0, err
	}
	c, err := tx.LatestCheckpoint()
	if size > 0 {
		c, err = tx.CheckpointOf(size)
	}
	if err != nil {
		return "", 0, err
	}
	signed, err = l.cosigned(tx, c)
	return signed, c.Size, err
}

// mostCosigned is the size of such a head; 0: no witness has signed any.
func (l *Ledger) mostCosigned(tx *store.Tx, position int64) (size int64, err error) {
	if len(l.WitnessKeys) == 0 {
		return 0, nil
	}
	found, err := tx.CosignaturesBeyond(position, cosignedAhead)
	if err != nil {
		return 0, err
	}
	count, most := map[int64]int{}, 0
	for _, s := range found { // largest first
		if !l.counts(s.Witness) {
			continue
		}
		if count[s.Size]++; count[s.Size] > most {
			most, size = count[s.Size], s.Size
		}
	}
	return size, nil
}

// Standing is how far a witness of ours has come.
type Standing struct {
	Witness string    // its name
	Key     string    // its public key
	Size    int64     // of the largest tree whose head it has signed; 0: none yet
	At      time.Time // when
}

// Witnesses tells how far each witness has come, in the order of the configuration.
func (l *Ledger) Witnesses(tx *store.Tx) (all []Standing, err error) {
	for _, key := range l.WitnessKeys {
		v, err := cosign.NewVerifier(key)
		if err != nil {
			return nil, err
		}
		c, err := tx.LatestCosignature(v.ID())
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		all = append(all, Standing{v.Name(), key, c.Size, c.At})
	}
	return all, nil
}

// CosignedSize is how many entries stand beneath the newest head that a witness of
// ours has signed; 0: none has.
func (l *Ledger) CosignedSize(tx *store.Tx) (size int64, err error) {
	all, err := l.Witnesses(tx)
	for _, w := range all {
		size = max(size, w.Size)
	}
	return size, err
}

// ConsistencyText is the proof of [Ledger.Consistency] as it is sent: a hash a line,
// in base64.
func ConsistencyText(p tlog.TreeProof) string {
	var b strings.Builder
	for _, h := range p {
		b.WriteString(h.String() + "\n")
	}
	return b.String()
}
