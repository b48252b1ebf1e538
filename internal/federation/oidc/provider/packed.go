package provider

import (
	"encoding/binary"

	"kapu/internal/federation/oidc/wire"
)

// packing writes the fields of a token one after the other, without their names,
// or reads them in the same order: codes and tokens travel with every request, and
// are read with every request. Only what was sealed here is ever read.
type packing struct {
	reading bool
	bytes   []byte
	broken  bool // what is read is not what was written
}

// packable is what can be packed: it names its fields, in their order.
type packable interface{ fields(p *packing) }

// packedForm begins all that is packed. Another order or number of fields is
// another form: what was sealed before an update is then refused, not misread.
const packedForm = 2

func pack(v packable) []byte {
	p := &packing{bytes: append(make([]byte, 0, 512), packedForm)}
	v.fields(p)
	return p.bytes
}

// unpack tells whether all was read, and nothing is left.
func unpack(raw []byte, into packable) bool {
	if len(raw) == 0 || raw[0] != packedForm {
		return false
	}
	p := &packing{reading: true, bytes: raw[1:]}
	into.fields(p)
	return !p.broken && len(p.bytes) == 0
}

func (p *packing) number(n *int64) {
	if !p.reading {
		p.bytes = binary.AppendVarint(p.bytes, *n)
		return
	}
	v, size := binary.Varint(p.bytes)
	if size <= 0 {
		p.broken, p.bytes = true, nil
		return
	}
	*n, p.bytes = v, p.bytes[size:]
}

func (p *packing) size(n int) int {
	v := int64(n)
	p.number(&v)
	if v < 0 || p.reading && v > int64(len(p.bytes)) { // each of them takes a byte at least
		p.broken, p.bytes = true, nil
		return 0
	}
	return int(v)
}

func (p *packing) flag(b *bool) {
	n := int64(0)
	if *b {
		n = 1
	}
	p.number(&n)
	*b = n == 1
}

func packText[T ~string](p *packing, s *T) {
	n := p.size(len(*s))
	if !p.reading {
		p.bytes = append(p.bytes, *s...)
		return
	}
	*s, p.bytes = T(p.bytes[:n]), p.bytes[n:]
}

func packTexts[T ~string](p *packing, list *[]T) {
	n := p.size(len(*list))
	if p.reading && n > 0 {
		*list = make([]T, n)
	}
	for i := range *list {
		packText(p, &(*list)[i])
	}
}

func packNumber[T ~int](p *packing, n *T) {
	v := int64(*n)
	p.number(&v)
	*n = T(v)
}

func packTextsOf(p *packing, texts ...*string) {
	for _, s := range texts {
		packText(p, s)
	}
}

func (a *asked) fields(p *packing) {
	packTexts(p, &a.Scopes)
	packTexts(p, &a.IDToken)
	packTexts(p, &a.UserInfo)
}

func (g *grant) fields(p *packing) {
	packTextsOf(p, &g.ID, &g.Service, &g.Person, &g.Account, &g.Session)
	p.number(&g.Began)
	g.Asked.fields(p)
	packTextsOf(p, &g.Behalf.Mandate, &g.Behalf.Person, &g.Behalf.Account)
}

func (e *evidence) fields(p *packing) {
	packText(p, &e.Method)
	packNumber(p, &e.Level)
	packText(p, &e.ACR)
	packTexts(p, &e.AMR)
	p.flag(&e.Provisional)
	p.number(&e.AuthTime)
	packText(p, &e.SID)
}

func (c *code) fields(p *packing) {
	c.Grant.fields(p)
	c.evidence.fields(p)
	packTextsOf(p, &c.RedirectURI, &c.Challenge, &c.Nonce, &c.JKT)
	p.number(&c.Expires)
}

func (a *access) fields(p *packing) {
	a.Grant.fields(p)
	packText(p, &a.ACR)
	p.number(&a.AuthTime)
	packBound(p, &a.Bound)
	p.number(&a.Issued)
	p.number(&a.Expires)
}

func (t *refresh) fields(p *packing) {
	t.Grant.fields(p)
	t.evidence.fields(p)
	packBound(p, &t.Bound)
	p.number(&t.Generation)
}

func packBound(p *packing, c *wire.Confirmation) { packTextsOf(p, &c.JKT, &c.X5T) }
