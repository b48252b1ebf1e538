package services

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	sessionLife = time.Hour
	maxSessions = 10_000 // the oldest make room
)

// proof is what the ID token says of the identification; an assertion's words for
// it are kept under the same names.
type proof struct {
	ACR      string   `json:"acr"`
	AMR      []string `json:"amr"`
	AuthTime int64    `json:"auth_time"` // seconds since 1970
	Subject  string   `json:"sub"`
	SID      string   `json:"sid"` // name of the gateway's session

	Provisional bool   `json:"provisional,omitempty"` // nobody has checked who it is
	Actor       *actor `json:"act,omitempty"`         // who acts for the visitor of whom it speaks (RFC 8693, 4.1)
}

// actor is who acts for another.
type actor struct {
	Subject string `json:"sub"`
	Name    string `json:"name,omitempty"`
}

// session is a visitor who was identified.
type session struct {
	IDToken     string
	AccessToken string
	Index       string // SessionIndex; "" from a door that has none
	Proof       proof
	Claims      map[string]any // from the userinfo endpoint, or the assertion's attributes
	Received    any            // all of it, as the visitor is shown it
	until       time.Time
	over        bool // the gateway's session has ended
}

// sessions are kept in memory: a demo forgets them when it ends.
type sessions struct {
	mu    sync.Mutex
	known map[string]session
}

func (s *sessions) begin(found session, now time.Time) (token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found.until = now.Add(sessionLife)
	for len(s.known) >= maxSessions {
		s.dropOldest()
	}
	token = randomToken()
	s.known[token] = found
	return token
}

func (s *sessions) dropOldest() {
	oldest := ""
	for token, one := range s.known {
		if oldest == "" || one.until.Before(s.known[oldest].until) {
			oldest = token
		}
	}
	delete(s.known, oldest)
}

func (s *sessions) of(token string, now time.Time) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.known[token]
	if ok && !now.Before(found.until) {
		delete(s.known, token)
		return session{}, false
	}
	return found, ok && !found.over
}

// endThose ends the sessions that belong to one of the gateway's: by its name,
// or all of the person if it has none. Of each it is kept, without data, that it
// ended so.
func (s *sessions) endThose(sid, subject string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, one := range s.known {
		if sid != "" && one.Proof.SID == sid || sid == "" && one.Proof.Subject == subject {
			s.known[token] = session{until: one.until, over: true}
		}
	}
}

// endedThere tells, once, whether a session was ended by the gateway.
func (s *sessions) endedThere(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	over := s.known[token].over
	if over {
		delete(s.known, token)
	}
	return over
}

func (s *sessions) end(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, token)
}

// sessionCookie has a name of the party's own: cookies do not know ports, so
// both services and the gateway share one jar on loopback.
func (s *Service) sessionCookie() string { return s.Party.ID + "-session" }

func (s *Service) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie sets a cookie; a life below zero removes it.
func (s *Service) setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	age := int(life.Seconds())
	if life < 0 {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true,
		Secure: strings.HasPrefix(s.URL, "https:"), SameSite: http.SameSiteLaxMode})
}

// randomToken is 256 random bits in base64url.
func randomToken() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(raw)
}
