// Package offer owns the agreement about sound: what a caller's session
// description (SDP, RFC 8866) offers, which of it we take, and the answer (RFC
// 3264). We take one stream of G.711, keys as events if they are offered (RFC
// 4733, under any number), and, for keys to it, SRTP (RFC 4568).
//
// It refuses names in the place of addresses, addresses that are nobody's or
// everybody's, video, ICE and DTLS; whether an address may be spoken to at all
// is for the line to say.
package offer

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"kapu/internal/telephone/g711"
)

var (
	// ErrUnreadable is a description that is none.
	ErrUnreadable = errors.New("offer: unreadable session description")
	// ErrUnacceptable is a description that holds nothing we could take.
	ErrUnacceptable = errors.New("offer: nothing acceptable offered")
)

// Offer is what a caller offers, and what we take of it.
type Offer struct {
	Remote netip.AddrPort // where the sound goes; not valid while the caller holds the line the old way (0.0.0.0)
	Law    g711.Law
	Sound  uint8 // the RTP payload type of the sound
	Events int   // the payload type of keys, or -1
	Hears  bool  // the caller wants to hear us now
	Secret *Secret

	media []*sdp.MediaDescription
	taken int // which of them
	talks bool
	mux   bool
}

// mostMedia bounds the streams of one description.
const mostMedia = 8

// Read reads a description: an offer, or the answer to one of ours. The errors
// are ErrUnreadable and ErrUnacceptable.
func Read(body []byte) (o *Offer, err error) {
	defer func() {
		if recover() != nil {
			o, err = nil, ErrUnreadable
		}
	}()
	var d sdp.SessionDescription
	if err := d.Unmarshal(body); err != nil || len(d.MediaDescriptions) > mostMedia {
		return nil, ErrUnreadable
	}
	for i, m := range d.MediaDescriptions {
		if o := take(&d, m); o != nil {
			o.media, o.taken = d.MediaDescriptions, i
			return o, nil
		}
	}
	return nil, ErrUnacceptable
}

// take reads one stream, or returns nil if it is not for us.
func take(d *sdp.SessionDescription, m *sdp.MediaDescription) *Offer {
	if m.MediaName.Media != "audio" || m.MediaName.Port.Value <= 0 || m.MediaName.Port.Value > 65535 || m.MediaName.Port.Range != nil {
		return nil
	}
	o := &Offer{Events: -1}
	switch strings.Join(m.MediaName.Protos, "/") {
	case "RTP/AVP", "RTP/AVPF":
	case "RTP/SAVP", "RTP/SAVPF":
		if o.Secret = secretOf(m.Attributes); o.Secret == nil {
			return nil
		}
	default:
		return nil
	}
	if !o.codes(m) {
		return nil
	}
	o.Hears, o.talks = directions(d, m)
	_, o.mux = m.Attribute("rtcp-mux")
	address, ok := addressOf(d, m)
	if !ok {
		return nil
	}
	if address.IsUnspecified() {
		o.Hears, o.talks = false, false // the old way to hold (RFC 3264, 8.4)
		return o
	}
	o.Remote = netip.AddrPortFrom(address, uint16(m.MediaName.Port.Value))
	return o
}

// codes finds the first of the two laws, and the events.
func (o *Offer) codes(m *sdp.MediaDescription) (found bool) {
	for _, format := range m.MediaName.Formats {
		number, err := strconv.ParseUint(format, 10, 7)
		if err != nil {
			continue
		}
		switch name := nameOf(m, format, number); {
		case name == "PCMA/8000" && !found:
			o.Law, o.Sound, found = g711.ALaw, uint8(number), true
		case name == "PCMU/8000" && !found:
			o.Law, o.Sound, found = g711.MuLaw, uint8(number), true
		case name == "TELEPHONE-EVENT/8000" && o.Events < 0:
			o.Events = int(number)
		}
	}
	return found
}

// nameOf is what a format is called, in capitals: as it is mapped, or by its
// static number (RFC 3551, 6).
func nameOf(m *sdp.MediaDescription, format string, number uint64) string {
	for _, a := range m.Attributes {
		if a.Key != "rtpmap" {
			continue
		}
		if mapped, name, ok := strings.Cut(a.Value, " "); ok && mapped == format {
			return strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(name)), "/1")
		}
	}
	switch number {
	case uint64(g711.ALaw):
		return "PCMA/8000"
	case uint64(g711.MuLaw):
		return "PCMU/8000"
	}
	return ""
}

// directions says whether the caller hears and talks (RFC 8866, 6.7).
func directions(d *sdp.SessionDescription, m *sdp.MediaDescription) (hears, talks bool) {
	for _, attributes := range [][]sdp.Attribute{m.Attributes, d.Attributes} {
		for _, a := range attributes {
			switch a.Key {
			case "sendrecv":
				return true, true
			case "sendonly":
				return false, true
			case "recvonly":
				return true, false
			case "inactive":
				return false, false
			}
		}
	}
	return true, true
}

// addressOf is the address of a stream. Names are never looked up.
func addressOf(d *sdp.SessionDescription, m *sdp.MediaDescription) (netip.Addr, bool) {
	c := m.ConnectionInformation
	if c == nil {
		c = d.ConnectionInformation
	}
	if c == nil || c.Address == nil || c.NetworkType != "IN" || !slices.Contains([]string{"IP4", "IP6"}, c.AddressType) {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(c.Address.Address)
	if err != nil || a.Is4() != (c.AddressType == "IP4") || a.Zone() != "" || a.IsMulticast() || a.IsLinkLocalUnicast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return netip.Addr{}, false
	}
	return a, true
}
