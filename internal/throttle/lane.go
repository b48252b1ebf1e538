package throttle

import (
	"context"
	"encoding/binary"
	"time"
)

// Whoever types names makes them up as they like, and has as many addresses as an
// IPv6 network has. So what is kept for either lies in a bounded number of places: a
// keyed digest says where, and a tag whose it is. Who comes to a place that another
// has takes it over, unless the other is being delayed: then they share its delay
// until it has ended. Nobody outside can tell who shares with whom.

// place is where something is kept, and the tag of whose it is; tag 0 is one that
// has its place for itself.
type place struct {
	key string
	tag uint64
}

// bounded tells whether strangers decide how many names a lane has.
func (l lane) bounded() bool { return l != knownDevice }

// read returns the count of a name, as it is stored, and where; raw is nil if there
// is none. The count may be another's that is being delayed: then so is its tag.
func (g *Gate) read(ctx context.Context, l lane, name string) (c count, raw []byte, at place, err error) {
	now := g.config.Now()
	at = g.config.place(l, name, g.config.Rules(now).Lanes)
	raw, found, err := g.config.Store.Get(ctx, at.key)
	if err != nil || !found {
		return count{}, nil, at, err
	}
	c, tag, err := decode(raw)
	if err != nil || tag == at.tag {
		return c, raw, at, err
	}
	if r := g.rule(l, now); r.wait(c, now) == 0 {
		return count{}, raw, at, nil
	}
	at.tag = tag
	return c, raw, at, nil
}

const stateBytes = 20

func (c count) encode(tag uint64) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, stateBytes), tag)
	b = binary.BigEndian.AppendUint32(b, uint32(c.wrong))
	return binary.BigEndian.AppendUint64(b, uint64(c.last.UnixMilli()))
}

func decode(b []byte) (c count, tag uint64, err error) {
	if len(b) != stateBytes {
		return count{}, 0, errState
	}
	return count{
		wrong: int(binary.BigEndian.Uint32(b[8:])),
		last:  time.UnixMilli(int64(binary.BigEndian.Uint64(b[12:]))),
	}, binary.BigEndian.Uint64(b), nil
}
