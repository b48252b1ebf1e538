package password

import "context"

// Fill takes every slot of a hasher, as a burst of sign-ins does, until the
// returned function is called.
func (h *Hasher) Fill() (empty func()) {
	for range h.pool.slots {
		_ = h.pool.enter(context.Background())
	}
	return func() {
		for range h.pool.slots {
			h.pool.leave()
		}
	}
}
