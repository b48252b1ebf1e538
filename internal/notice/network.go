package notice

import "net/netip"

// Bits by which networks are told apart: what one household or office has, or a carrier gives to one region.
const networkBits4, networkBits6 = 24, 48

// Network is the network that an address belongs to, as far as it is kept; "" for what is no address.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	ip = ip.Unmap().WithZone("")
	bits := networkBits6
	if ip.Is4() {
		bits = networkBits4
	}
	network, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return network.String()
}
