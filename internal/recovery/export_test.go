package recovery

// Hold keeps what is done apart from the answers back; the function it returns
// does it, and tells how much there was.
func (x *Room) Hold() (release func() int) {
	var held []func()
	x.apart = func(work func()) { held = append(held, work) }
	return func() int {
		for _, work := range held {
			work()
		}
		n := len(held)
		held = nil
		return n
	}
}
