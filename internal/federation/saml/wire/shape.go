package wire

// A shape is what the schema says about an element, so far as SAML's messages
// need it: which attributes, which elements in which order, which text.
type shape struct {
	section    string // of the standard
	sub        string // second-level status of a fault; "" for none
	attributes []wanted
	foreign    bool // attributes of other namespaces are allowed
	content    []particle
	text       check // of an element with text only; nil for none
	open       bool  // what is inside is not looked at
	unread     bool  // nor are the attributes
}

// wanted is an attribute without namespace.
type wanted struct {
	name     string
	required bool
	check    check
}

// particle is a place in a sequence: between min and max elements, each of one of
// the given names. max < 0 means no bound but that of lists.
type particle struct {
	min, max int
	of       []named
}

// named is an element at its place.
type named struct {
	space, local string
	shape        *shape
}

func must(name string, c check) wanted { return wanted{name, true, c} }
func may(name string, c check) wanted  { return wanted{name, false, c} }

// one, optional and many make particles.
func one(space, local string, s *shape) particle { return particle{1, 1, []named{{space, local, s}}} }
func optional(space, local string, s *shape) particle {
	return particle{0, 1, []named{{space, local, s}}}
}
func many(space, local string, s *shape) particle { return particle{0, -1, []named{{space, local, s}}} }

// conforms holds an element against its shape.
func (s *shape) conforms(e *element) error {
	if s.unread {
		return nil
	}
	if err := s.checkAttributes(e); err != nil || s.open {
		return err
	}
	if s.text != nil {
		if e.hasElement() || !s.text(e.value()) {
			return s.fault(e, "has the wrong text")
		}
		return nil
	}
	if e.hasText() {
		return s.fault(e, "contains text")
	}
	return s.checkContent(e)
}

// fault is a refusal that names an element; only names that were known are named.
func (s *shape) fault(e *element, what string) error {
	return Refuse(Requester, s.sub, s.section, "%s %s", e.local, what)
}

func (s *shape) checkAttributes(e *element) error {
	for i := range e.attributes {
		a := &e.attributes[i]
		if a.space != "" {
			if !s.foreign {
				return s.fault(e, "has an attribute that the schema does not have")
			}
			continue
		}
		w := s.attribute(a.local)
		if w == nil {
			return s.fault(e, "has an attribute that the schema does not have")
		}
		if !w.check(a.value) {
			return s.fault(e, "has the wrong value for "+w.name)
		}
	}
	for _, w := range s.attributes {
		if w.required && e.attr(w.name) == "" {
			return s.fault(e, "lacks "+w.name)
		}
	}
	return nil
}

func (s *shape) attribute(name string) *wanted {
	for i := range s.attributes {
		if s.attributes[i].name == name {
			return &s.attributes[i]
		}
	}
	return nil
}

// checkContent holds the elements inside against the sequence.
func (s *shape) checkContent(e *element) (err error) {
	at, count := 0, 0
	e.children(func(c *element) {
		if err != nil {
			return
		}
		for at < len(s.content) && !s.content[at].has(c) {
			if err = s.enough(e, at, count); err != nil {
				return
			}
			at, count = at+1, 0
		}
		if at == len(s.content) {
			err = s.fault(e, "contains an element that the schema does not have at that place")
			return
		}
		if count++; count > s.content[at].most() {
			err = s.fault(e, "contains "+c.local+" too often")
			return
		}
		err = s.content[at].shapeOf(c).conforms(c)
	})
	for ; err == nil && at < len(s.content); at, count = at+1, 0 {
		err = s.enough(e, at, count)
	}
	return err
}

// enough refuses a place that has too few elements.
func (s *shape) enough(e *element, at, count int) error {
	if p := s.content[at]; count < p.min {
		return s.fault(e, "lacks "+p.of[0].local)
	}
	return nil
}

func (p particle) most() int {
	if p.max < 0 {
		return maxList
	}
	return p.max
}

func (p particle) has(e *element) bool { return p.shapeOf(e) != nil }

func (p particle) shapeOf(e *element) *shape {
	for _, n := range p.of {
		if e.is(n.space, n.local) {
			return n.shape
		}
	}
	return nil
}

func (e *element) hasElement() bool {
	for _, n := range e.content {
		if n.element != nil {
			return true
		}
	}
	return false
}
