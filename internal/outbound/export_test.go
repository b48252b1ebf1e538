package outbound

import "net"

// NewWith is New with a resolver of the test's.
func NewWith(c Config, r *net.Resolver) *Client {
	c.resolver = r
	return New(c)
}

// MayDial is what the dialer asks before it connects, where private networks are not allowed.
func MayDial(address string) error { return guard(publicOnly).control("tcp", address, nil) }
