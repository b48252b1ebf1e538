package ledger

import "fmt"

// Fault is a kind of damage that verification finds.
type Fault string

// The faults.
const (
	Altered    Fault = "altered"    // an entry, its columns or its place
	Removed    Fault = "removed"    // an entry from the middle
	Truncated  Fault = "truncated"  // entries from the end
	Unopened   Fault = "unopened"   // what should open an entry's commitments does not
	Hashes     Fault = "hashes"     // the stored hashes of the tree
	Forged     Fault = "forged"     // a head that is not signed by the ledger's keys, or not of this tree
	Unsigned   Fault = "unsigned"   // entries that no head covers
	Uncosigned Fault = "uncosigned" // no head that enough witnesses have signed
)

// Finding is one thing that is wrong, and where.
type Finding struct {
	Fault    Fault
	Position int64  // of the entry, or the size of the tree; -1: none
	ID       string // of the entry, where there is one
	Text     string // in words
}

func (f Finding) String() string {
	if f.ID != "" {
		return fmt.Sprintf("%s: entry %s at place %d: %s", f.Fault, f.ID, f.Position, f.Text)
	}
	return fmt.Sprintf("%s: %s", f.Fault, f.Text)
}

// Report says what verification went over, and whether all of it is sound.
type Report struct {
	Entries   int64 // in the tree
	Heads     int64 // signed heads that fit
	Witnessed int64 // heads in the witness file that fit
	Cosigned  int64 // entries beneath the newest head that enough outside witnesses have signed
	Erased    int64 // entries whose personal fields went with their person; the entries themselves are proven
	Findings  int64
}

// Sound tells that nothing was found.
func (r Report) Sound() bool { return r.Findings == 0 }

func (r Report) String() string {
	if r.Sound() && r.Cosigned > 0 {
		return fmt.Sprintf("The ledger is sound: %d entries, %d signed heads, %d witnessed, %d entries under the signatures of outside witnesses; the personal fields of %d entries are erased.",
			r.Entries, r.Heads, r.Witnessed, r.Cosigned, r.Erased)
	}
	if r.Sound() {
		return fmt.Sprintf("The ledger is sound: %d entries, %d signed heads, %d witnessed; the personal fields of %d entries are erased.",
			r.Entries, r.Heads, r.Witnessed, r.Erased)
	}
	return fmt.Sprintf("The ledger is NOT sound: %d findings in %d entries.", r.Findings, r.Entries)
}
