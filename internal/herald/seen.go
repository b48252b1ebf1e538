package herald

import (
	"encoding/json"
	"slices"
	"time"

	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notice"
	"kapu/internal/store"
)

// mostNetworks is how many networks are remembered of a person: home, work, and some on the way.
const mostNetworks = 16

// seen is what is remembered of how a person was identified, sealed with their key. Networks are digests, which say
// nothing without the gateway's own key either.
type seen struct {
	Networks []place                  `json:"n,omitempty"` // the longest unused first
	Methods  map[law.Method]time.Time `json:"m,omitempty"`
	Last     place                    `json:"l,omitzero"`
}

// place is a network and when somebody was identified from it last.
type place struct {
	Digest string    `json:"d"`
	At     time.Time `json:"t"`
}

func readSeen(n store.Notices) (s seen, err error) {
	if len(n.Seen) > 0 {
		err = json.Unmarshal(n.Seen, &s)
	}
	return s, err
}

// with is what is remembered after another identification.
func (s seen) with(network string, m law.Method, now time.Time, memory time.Duration) seen {
	s.Networks = slices.DeleteFunc(slices.Clone(s.Networks), func(p place) bool { return p.Digest == network || p.At.Before(now.Add(-memory)) })
	s.Last = place{network, now}
	s.Networks = append(s.Networks, s.Last)
	if extra := len(s.Networks) - mostNetworks; extra > 0 {
		s.Networks = s.Networks[extra:]
	}
	methods := map[law.Method]time.Time{m: now}
	for known, at := range s.Methods {
		if known != m {
			methods[known] = at
		}
	}
	s.Methods = methods
	return s
}

func (s seen) knows(network string, since time.Time) bool {
	return slices.ContainsFunc(s.Networks, func(p place) bool { return p.Digest == network && !p.At.Before(since) })
}

// network is the digest of the network of an address, another for each person.
func (h *Herald) network(i notice.Identification) string {
	return h.Ring.Digest("notice/network", i.Person+" "+notice.Network(i.Address))
}

// facts are what is known of an identification.
func (h *Herald) facts(tx *store.Tx, i notice.Identification, s seen) (f notice.Facts, err error) {
	network := h.network(i)
	f = notice.Facts{Forbidden: i.Forbidden, KnownDevice: i.KnownDevice, First: s.Last.At.IsZero()}
	if i.KnownDevice || f.First {
		return f, nil // nothing else is asked of them
	}
	f.NewNetwork = !s.knows(network, tx.Now.Add(-h.Law.NetworkMemory(tx.Now)))
	_, used := s.Methods[i.Method]
	f.NewMethod = !used
	if s.Last.Digest != network {
		f.Since = max(tx.Now.Sub(s.Last.At), 1)
	}
	f.Delays, err = h.delays(tx, i.Person, s.Last.At)
	return f, err
}

// lookedAt is how much of a history is searched for delays: they stand at its end.
const lookedAt = 50

// delays counts the delays that wrong secrets have brought since the last identification and within the time for which
// wrong secrets are remembered.
func (h *Herald) delays(tx *store.Tx, person string, since time.Time) (n int, err error) {
	if remembered := tx.Now.Add(-h.Law.AttemptsMemory(tx.Now)); since.Before(remembered) {
		since = remembered
	}
	rows, err := tx.LedgerOf(person, "", lookedAt)
	for _, row := range rows {
		if row.Kind == (ledger.Throttled{}).Kind() && !row.At.Before(since) {
			n++
		}
	}
	return n, err
}

// Distrust forgets from where a person was identified and on which devices, after they said that it was not them:
// whoever it was must not be known by it. What follows is then told as from an unknown place.
func (h *Herald) Distrust(tx *store.Tx, person string) error {
	devices, err := tx.DevicesOf(person, time.Time{})
	if err != nil {
		return err
	}
	for _, d := range devices {
		if err := tx.ForgetDevice(person, d.ID); err != nil {
			return err
		}
	}
	n, err := tx.Notices(person)
	if err != nil || len(n.Seen) == 0 {
		return err
	}
	s, err := readSeen(n)
	if err != nil {
		return err
	}
	s.Networks = nil
	return saveSeen(tx, person, s)
}

func saveSeen(tx *store.Tx, person string, s seen) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return tx.SaveSeen(person, raw)
}
