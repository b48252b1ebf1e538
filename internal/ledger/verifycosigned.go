package ledger

import (
	"golang.org/x/mod/sumdb/note"

	"kapu/internal/store"
)

// readCosigned reads what witnesses signed beneath the heads that were just read.
func (v *verifier) readCosigned(tx *store.Tx) error {
	v.lines = map[int64][]string{}
	if len(v.heads) == 0 || len(v.WitnessKeys) == 0 {
		return nil
	}
	found, err := tx.CosignaturesBetween(v.heads[0].Size, v.heads[len(v.heads)-1].Size)
	for _, c := range found {
		if v.counts(c.Witness) {
			v.lines[c.Size] = append(v.lines[c.Size], c.Line)
		}
	}
	return err
}

// compareCosigned holds a head that fits against what witnesses signed beneath it.
func (v *verifier) compareCosigned(c store.Checkpoint) {
	sound := 0
	for _, line := range v.lines[c.Size] {
		if _, err := note.Open([]byte(c.Note+line+"\n"), v.witnesses); err != nil {
			v.find(Forged, c.Size, "", "a signature beneath the head of size %d is not its witness's", c.Size)
			continue
		}
		sound++
	}
	if sound > 0 && sound >= v.watch.Need {
		v.report.Cosigned = c.Size
	}
}

// demanded says whether enough witnesses have signed.
func (v *verifier) demanded() {
	if v.watch.Need > 0 && v.report.Cosigned == 0 {
		v.find(Uncosigned, -1, "", "no head was signed by %d witnesses", v.watch.Need)
	}
}
