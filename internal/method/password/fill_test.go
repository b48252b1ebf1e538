package password

// Fill takes every slot of a hasher, as a burst of sign-ins does, until the
// returned function is called.
func (h *Hasher) Fill() (empty func()) {
	for range cap(h.pool.slots) {
		h.pool.slots <- struct{}{}
	}
	return func() {
		for range cap(h.pool.slots) {
			<-h.pool.slots
		}
	}
}
