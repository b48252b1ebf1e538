package services

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// maxAnswer bounds what the gateway may say of a match, in bytes.
const maxAnswer = 64 << 10

// match asks the gateway whether what the visitor says of themselves is what the
// gateway holds: of each datum it learns yes or no, never the value (attribute
// match).
func (s *Service) match(w http.ResponseWriter, r *http.Request) {
	found, ok := s.sessions.of(s.cookie(r, s.sessionCookie()), s.Now())
	if !ok {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	held := map[string]string{}
	for _, c := range s.Party.Match {
		if v := strings.TrimSpace(r.PostFormValue(string(c))); v != "" {
			held[string(c)] = v
		}
	}
	v := view{Session: &found, Typed: held}
	if len(held) > 0 {
		v.Matched, v.Unmatched = s.ask(r.Context(), found.AccessToken, held)
	}
	s.show(w, r, http.StatusOK, v)
}

// ask returns what the gateway says of each datum, or the word for why it says
// nothing: "late", "wait" or "form".
func (s *Service) ask(ctx context.Context, token string, held map[string]string) (said map[string]bool, why string) {
	gateway, err := s.gateway(ctx)
	if err != nil {
		return nil, "form"
	}
	var more struct {
		Match string `json:"match_endpoint"`
	}
	body, err := json.Marshal(held)
	if gateway.Claims(&more) != nil || err != nil {
		return nil, "form"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, more.Match, bytes.NewReader(body))
	if err != nil {
		return nil, "form"
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := s.HTTPClient.Do(r)
	if err != nil {
		return nil, "form"
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusUnauthorized: // the token lives ten minutes
		return nil, "late"
	case http.StatusTooManyRequests:
		return nil, "wait"
	case http.StatusOK:
		if json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&said) == nil {
			return said, ""
		}
	}
	return nil, "form"
}
