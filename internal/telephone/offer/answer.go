package offer

import (
	"fmt"
	"net/netip"
	"strconv"

	"github.com/pion/sdp/v3"

	"kapu/internal/telephone/g711"
)

// Ours is our side of a call.
type Ours struct {
	Address netip.AddrPort // where we want to hear the caller
	Session uint64         // names the call
	Version uint64         // counts what was said about it
	Secret  *Secret        // of what we send, nil for RTP in the clear
}

// ptime is how much sound a packet of ours holds, in milliseconds.
const ptime = "20"

// proposedEvents is the payload type of keys where the choice is ours.
const proposedEvents = 101

// Answer writes the answer: the one stream taken, all others refused.
func (o *Offer) Answer(ours Ours) ([]byte, error) {
	d := ours.description()
	for i, m := range o.media {
		if i != o.taken {
			d.MediaDescriptions = append(d.MediaDescriptions, refused(m))
			continue
		}
		d.MediaDescriptions = append(d.MediaDescriptions, o.stream(ours, m.MediaName.Protos))
	}
	return d.Marshal()
}

// Propose writes an offer of ours, to a caller who sent none.
func Propose(ours Ours) ([]byte, error) {
	d, protos := ours.description(), []string{"RTP", "AVP"}
	if ours.Secret != nil {
		protos = []string{"RTP", "SAVP"}
	}
	o := &Offer{Law: g711.ALaw, Sound: uint8(g711.ALaw), Events: proposedEvents, Hears: true, talks: true}
	m := o.stream(ours, protos)
	m.MediaName.Formats = append([]string{"8", "0"}, m.MediaName.Formats[1:]...)
	m.Attributes = append([]sdp.Attribute{sdp.NewAttribute("rtpmap", "0 PCMU/8000")}, m.Attributes...)
	d.MediaDescriptions = append(d.MediaDescriptions, m)
	return d.Marshal()
}

func (ours Ours) description() *sdp.SessionDescription {
	family := "IP4"
	if ours.Address.Addr().Is6() {
		family = "IP6"
	}
	address := ours.Address.Addr().String()
	return &sdp.SessionDescription{
		Origin:                sdp.Origin{Username: "-", SessionID: ours.Session, SessionVersion: ours.Version, NetworkType: "IN", AddressType: family, UnicastAddress: address},
		SessionName:           "-",
		ConnectionInformation: &sdp.ConnectionInformation{NetworkType: "IN", AddressType: family, Address: &sdp.Address{Address: address}},
		TimeDescriptions:      []sdp.TimeDescription{{}},
	}
}

func (o *Offer) stream(ours Ours, protos []string) *sdp.MediaDescription {
	name := "PCMA/8000"
	if o.Law == g711.MuLaw {
		name = "PCMU/8000"
	}
	m := &sdp.MediaDescription{MediaName: sdp.MediaName{
		Media: "audio", Port: sdp.RangedPort{Value: int(ours.Address.Port())}, Protos: protos, Formats: []string{strconv.Itoa(int(o.Sound))},
	}}
	m.Attributes = append(m.Attributes, sdp.NewAttribute("rtpmap", fmt.Sprintf("%d %s", o.Sound, name)))
	if o.Events >= 0 {
		m.MediaName.Formats = append(m.MediaName.Formats, strconv.Itoa(o.Events))
		m.Attributes = append(m.Attributes,
			sdp.NewAttribute("rtpmap", fmt.Sprintf("%d telephone-event/8000", o.Events)),
			sdp.NewAttribute("fmtp", fmt.Sprintf("%d 0-11", o.Events)))
	}
	m.Attributes = append(m.Attributes, sdp.NewAttribute("ptime", ptime), sdp.NewPropertyAttribute(o.direction()))
	if o.mux {
		m.Attributes = append(m.Attributes, sdp.NewPropertyAttribute("rtcp-mux"))
	}
	if ours.Secret != nil {
		m.Attributes = append(m.Attributes, sdp.NewAttribute("crypto", ours.Secret.attribute()))
	}
	return m
}

// direction is ours, seen from here (RFC 3264, 6.1).
func (o *Offer) direction() string {
	switch {
	case o.Hears && o.talks:
		return "sendrecv"
	case o.Hears:
		return "sendonly"
	case o.talks:
		return "recvonly"
	}
	return "inactive"
}

func refused(m *sdp.MediaDescription) *sdp.MediaDescription {
	name := m.MediaName
	name.Port = sdp.RangedPort{}
	if len(name.Formats) > 1 {
		name.Formats = name.Formats[:1]
	}
	return &sdp.MediaDescription{MediaName: name}
}
