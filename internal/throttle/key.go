package throttle

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strconv"
)

const keyBytes = 32

// lane is what a count is kept for.
type lane string

const (
	strangers   lane = "strangers"    // an account, from devices that never signed in to it
	knownDevice lane = "known-device" // an account, from devices that did
	addresses   lane = "address"
	networks    lane = "network"
	names       lane = "name" // keeps nothing: only what stands for a name in a set
)

func accountLane(known bool) lane {
	if known {
		return knownDevice
	}
	return strangers
}

// place is where a name is kept: under an HMAC, so that the store holds neither
// usernames nor addresses. In a bounded lane it is one of so many places; 0 bounds
// nothing.
func (c Config) place(l lane, name string, lanes int) place {
	mac := hmac.New(sha256.New, c.Key)
	mac.Write([]byte(c.Purpose + "\x00" + string(l) + "\x00" + name))
	sum := mac.Sum(nil)
	if lanes == 0 || !l.bounded() {
		return place{key: "throttle:" + hex.EncodeToString(sum[:16]), tag: binary.BigEndian.Uint64(sum[16:])}
	}
	where := binary.BigEndian.Uint64(sum) % uint64(lanes)
	return place{key: "throttle:" + c.Purpose + ":" + string(l) + ":" + strconv.FormatUint(where, 36), tag: binary.BigEndian.Uint64(sum[16:])}
}

// ipv6Prefix is the least that one customer gets (RFC 6177, RFC 7421): all of
// its addresses are one visitor.
const ipv6Prefix = 64

// Network is what counts as one address: an IPv4 address, also when it is
// written as IPv6, or an IPv6 /64. A port is dropped. What is not an address
// counts as it stands.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		withPort, err := netip.ParseAddrPort(address)
		if err != nil {
			return address
		}
		ip = withPort.Addr()
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, _ := ip.Prefix(ipv6Prefix) // an error only for more bits than 128
	return prefix.String()
}
