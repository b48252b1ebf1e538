package disposition

import (
	"maps"
	"slices"

	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// Link is the channel of whoever uses the link of a notice: it closes ways and opens none.
const Link Channel = "link"

// Disown forbids a method in the name of whoever said, by the link of a notice, that
// it was not them who used it; NoMethod forbids none. It locks their identity
// against new methods and ends all their sessions. The receiver is told by the
// letter about the report, so there is none of its own.
func (g Register) Disown(tx *store.Tx, person string, method law.Method) error {
	before, err := tx.Disposition(person)
	if err != nil {
		return err
	}
	after := before
	after.Forbidden, after.Kinds = slices.Clone(before.Forbidden), maps.Clone(before.Kinds)
	var changes []Change
	if method != NoMethod && !slices.Contains(before.Forbidden, method) {
		if after, err = (Change{Act: Forbid, Method: method}).afterMethod(after); err != nil {
			return err
		}
		changes = append(changes, Change{Act: Forbid, Method: method})
	}
	if !before.Locked {
		after.Locked = true
		changes = append(changes, Change{Act: Lock})
	}
	if len(changes) > 0 {
		if err := tx.SetDisposition(person, before, after); err != nil {
			return err
		}
	}
	for _, c := range changes {
		if _, err := g.Ledger.Append(tx, person, ledger.DispositionChanged{Act: string(c.Act), Method: c.Method, By: string(Link)}); err != nil {
			return err
		}
	}
	return endAll(tx, person)
}

// NoMethod stands where it is not known by which method something was done.
const NoMethod law.Method = ""
