package authn

import "slices"

// Own is the choice of whoever acts in their own matter.
const Own = "own"

// behalf is for whom the visitor acts: Own, a mandate that they hold for the
// service, or "" where they must say so first. The choice belongs to the way on
// which it was made; a session knows of none. Whoever holds no mandate is asked
// nothing, and a mandate that has ended meanwhile is chosen no more.
func (t Transaction) behalf(standing Standing) string {
	if !t.Request.Mandates {
		return Own
	}
	chosen := t.Behalf
	if chosen == "" && !t.Request.Choose {
		chosen = t.Request.Behalf
	}
	switch {
	case chosen == Own, chosen != "" && slices.Contains(standing.Mandates, chosen):
		return chosen
	case chosen == "" && len(standing.Mandates) == 0:
		return Own
	}
	return ""
}
