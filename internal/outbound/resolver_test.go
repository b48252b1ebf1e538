package outbound_test

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
)

// resolving is a resolver that knows one address for every name. The name
// server behind it is as small as RFC 1035, 4.1 lets it be.
func resolving(t *testing.T, to string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	ip := netip.MustParseAddr(to)
	go func() {
		query := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(query)
			if err != nil {
				return
			}
			_, _ = server.WriteTo(answer(query[:n], ip), from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

const typeA, typeAAAA, classIN = 1, 28, 1

func answer(query []byte, ip netip.Addr) []byte {
	end := 12
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	question := query[12 : end+5]
	asked, kind := binary.BigEndian.Uint16(query[end+1:]), uint16(typeAAAA)
	if ip.Is4() {
		kind = typeA
	}
	out := append([]byte{}, query[:2]...)
	out = append(out, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0)
	out = append(out, question...)
	if asked != kind {
		return out
	}
	out[7] = 1
	out = append(out, 0xc0, 12) // the name of the question
	out = binary.BigEndian.AppendUint16(out, kind)
	out = binary.BigEndian.AppendUint16(out, classIN)
	out = binary.BigEndian.AppendUint32(out, 0) // not to be kept
	out = binary.BigEndian.AppendUint16(out, uint16(len(ip.AsSlice())))
	return append(out, ip.AsSlice()...)
}
