package ledger

import (
	"bufio"
	"cmp"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A witness is a file outside the database to which every head is appended:
// whoever cuts off the ledger's tail together with its heads would have to cut
// the witness as well. Keep it on another disk or append-only (chattr +a), or
// ship it away. The notes stand one after another, each with a blank line behind.
//
// A head is witnessed once its transaction is committed. If the machine then
// loses the database's last moments, or the database is restored from a backup,
// verification says so for ever: entries were lost, and that is the truth.

// witness appends a note to the file and waits until it is on the disk.
func witness(path, signed string) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(signed + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}

// sighting is what is remembered of a witnessed head: 40 bytes each.
type sighting struct {
	size int64
	root tlog.Hash
}

var errNoWitness = errors.New("ledger: the witness is not there")

// readWitness returns the heads in the file, smallest first, and how many notes
// in it are not heads of this ledger.
func readWitness(path string, known note.Verifiers) (seen []sighting, strange int, err error) {
	if path == "" {
		return nil, 0, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, errNoWitness
	}
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f) // its limit on a line, 64 KiB, is far above a note's
	var text strings.Builder
	signed := false
	take := func(text string) {
		if h, err := openHead(text, known); err == nil {
			seen = append(seen, sighting{h.size, h.root})
		} else {
			strange++
		}
	}
	for lines.Scan() {
		if line := lines.Text(); line != "" || !signed {
			signed = strings.HasPrefix(line, "— ")
			text.WriteString(line + "\n")
			continue
		}
		take(text.String())
		text.Reset()
		signed = false
	}
	if text.Len() > 0 {
		take(text.String()) // the last of a file, or cut off in the middle
	}
	slices.SortStableFunc(seen, func(a, b sighting) int { return cmp.Compare(a.size, b.size) })
	return seen, strange, lines.Err()
}
