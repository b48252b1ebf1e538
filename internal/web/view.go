package web

import (
	"context"
	"hash/crc32"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// View is what a handler gives to a page. Every part may be empty.
type View struct {
	Strip   *Strip   // which service asks, above the page
	Form    *Form    // what was typed and what is wrong with it
	Data    any      // the page's own; its shape is between the handler and the template
	Visitor *Visitor // shown in place of the request's visitor; samples use it
	Refresh *Refresh // a waiting page that goes on by itself
}

// Refresh asks the browser to load a page again, with or without JavaScript.
type Refresh struct {
	After time.Duration // rounded up to whole seconds
	To    string        // a path of ours; empty is the same page
}

func (f Refresh) header() string {
	seconds := strconv.Itoa(max(1, int((f.After+time.Second-1)/time.Second)))
	if f.To == "" {
		return seconds
	}
	return seconds + "; url=" + f.To
}

// Strip says on the pages of a sign-in which service asks and what it needs.
type Strip struct {
	Service string
	Mark    Mark
	Level   int // 1 low, 2 substantial, 3 high (eIDAS); 0 says nothing of the level
}

// Mark is the small coloured tile of a service or an office: letters on one of MarkColours colours.
type Mark struct {
	Letters string
	Colour  int // 1 … MarkColours
}

// MarkColours is how many colours the style sheet has for marks.
const MarkColours = 8

// MarkOf derives a mark from a name: the initials of its first two words and a colour that stays the same.
func MarkOf(name string) Mark {
	var m Mark
	start := true
	for _, c := range name {
		if unicode.IsLetter(c) && start && utf8.RuneCountInString(m.Letters) < 2 {
			m.Letters += string(unicode.ToUpper(c))
		}
		start = !unicode.IsLetter(c)
	}
	m.Colour = 1 + int(crc32.ChecksumIEEE([]byte(name))%MarkColours)
	return m
}

// Visitor is who the header greets. The zero Visitor is nobody: no menu, no sign-out.
type Visitor struct {
	Name   string // as the person is called
	Office string // a clerk's office
	Clerk  bool
}

// Link is an entry of the header's menu: an address of ours and the key of its text.
type Link struct{ URL, Key string }

type visitorKey struct{}

// WithVisitor makes the pages shown under ctx greet v.
func WithVisitor(ctx context.Context, v Visitor) context.Context {
	return context.WithValue(ctx, visitorKey{}, v)
}

// VisitorOf is the visitor under ctx, or nobody.
func VisitorOf(ctx context.Context) Visitor {
	v, _ := ctx.Value(visitorKey{}).(Visitor)
	return v
}
