package telephone

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"kapu/internal/telephone/g711"
	"kapu/internal/telephone/offer"
	"kapu/internal/telephone/touch"
)

// sound is the RTP of one call, both ways (RFC 3550).
type sound struct {
	conn  *net.UDPConn
	terms *offer.Offer // what was agreed
	ssrc  uint32
	seq   uint16
	stamp uint32
	begun bool // a first packet was sent
	out   *srtp.Context
	in    *srtp.Context

	theirs uint32 // SSRC
	events touch.Events
	tones  touch.Tones

	packet  [12 + frameBytes + 16]byte // RTP header, sound, SRTP tag
	sealed  [12 + frameBytes + 16]byte
	arrived [largestPacket]byte
}

const (
	largestPacket = 1500
	// replayWindow is how many packets of SRTP may overtake each other.
	replayWindow = 64
)

// openSound opens a port towards the address that was agreed on.
func openSound(port uint16, terms *offer.Offer, ours *offer.Secret) (*sound, error) {
	var seed [10]byte
	_, _ = rand.Read(seed[:]) // never fails; see crypto/rand
	s := &sound{ssrc: binary.BigEndian.Uint32(seed[:]), stamp: binary.BigEndian.Uint32(seed[4:]), seq: binary.BigEndian.Uint16(seed[8:])}
	return s, s.agree(port, terms, ours)
}

// agree takes terms, at the beginning or in a call: the socket is opened anew
// if the address is another.
func (s *sound) agree(port uint16, terms *offer.Offer, ours *offer.Secret) (err error) {
	if terms.Secret != nil {
		if s.out, err = cipher(ours); err != nil {
			return err
		}
		if s.in, err = cipher(terms.Secret, srtp.SRTPReplayProtection(replayWindow)); err != nil {
			return err
		}
	}
	if terms.Remote.IsValid() && (s.conn == nil || s.terms.Remote != terms.Remote) {
		s.close()
		if s.conn, err = dial(port, terms.Remote); err != nil {
			return err
		}
	}
	s.terms = terms
	return nil
}

func cipher(secret *offer.Secret, options ...srtp.ContextOption) (*srtp.Context, error) {
	return srtp.CreateContext(secret.Key, secret.Salt, srtp.ProtectionProfileAes128CmHmacSha1_80, options...)
}

func (s *sound) close() {
	if s.conn != nil {
		s.conn.Close()
		s.conn = nil
	}
}

// skip lets the caller's clock run on over a frame that is not sent.
func (s *sound) skip() { s.stamp += frameBytes }

// send sends one frame of A-law, in the law that was agreed on.
func (s *sound) send(frame []byte) error {
	h := rtp.Header{Version: 2, PayloadType: s.terms.Sound, SequenceNumber: s.seq, Timestamp: s.stamp, SSRC: s.ssrc, Marker: !s.begun}
	s.seq, s.stamp, s.begun = s.seq+1, s.stamp+frameBytes, true
	n, err := h.MarshalTo(s.packet[:])
	if err != nil {
		return err
	}
	copy(s.packet[n:], frame)
	if s.terms.Law == g711.MuLaw {
		g711.ToMuLaw(s.packet[n : n+len(frame)])
	}
	out := s.packet[:n+len(frame)]
	if s.out != nil {
		if out, err = s.out.EncryptRTP(s.sealed[:0], out, &h); err != nil {
			return err
		}
	}
	_, err = s.conn.Write(out)
	return err
}

// arrival is what came of waiting for a packet.
type arrival uint8

const (
	onTime      arrival = iota // a packet came
	waitedOut                  // it is time for something else
	unreachable                // the kernel says that nobody is there (ICMP)
	deaf                       // the socket is broken
)

// listen waits for one packet until a moment, and calls down for the key that
// it makes go down. Whatever is wrong with a packet, it is one packet less.
func (s *sound) listen(until time.Time, down func(rune)) arrival {
	if err := s.conn.SetReadDeadline(until); err != nil {
		return deaf
	}
	n, err := s.conn.Read(s.arrived[:])
	switch {
	case err == nil:
		s.take(s.arrived[:n], down)
		return onTime
	case errors.Is(err, os.ErrDeadlineExceeded):
		return waitedOut
	case errors.Is(err, syscall.ECONNREFUSED):
		return unreachable
	}
	return deaf
}

// Payload types that are RTCP's where both share a port (RFC 5761, 4).
const (
	firstControl = 64
	lastControl  = 95
)

// take reads one packet.
func (s *sound) take(data []byte, down func(rune)) {
	if len(data) < 12 || data[1]&0x7f >= firstControl && data[1]&0x7f <= lastControl {
		return
	}
	var p rtp.Packet
	if s.in != nil {
		opened, err := s.in.DecryptRTP(nil, data, nil)
		if err != nil {
			return
		}
		data = opened
	}
	if p.Unmarshal(data) != nil {
		return
	}
	if p.SSRC != s.theirs { // another source, with another clock
		s.theirs, s.events, s.tones = p.SSRC, touch.Events{}, touch.Tones{}
	}
	switch {
	case s.terms.Events >= 0 && int(p.PayloadType) == s.terms.Events:
		if k := s.events.Hear(p.Payload, p.Timestamp); k != 0 {
			down(k)
		}
	case p.PayloadType == s.terms.Sound && s.terms.Events < 0:
		// Tones count only where events were not agreed on: else a key that is
		// told both ways would be two, and whoever can play a sound to the
		// caller could type for them.
		var samples [largestPacket]int16
		s.tones.Hear(samples[:g711.Samples(samples[:], p.Payload, s.terms.Law)], down)
	}
}
