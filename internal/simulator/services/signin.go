package services

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// attempt is one sign-in on its way. It waits in a cookie of the browser that
// began it; several tabs can each have one.
type attempt struct{ state, nonce, verifier string }

const (
	attemptLife = 20 * time.Minute
	stateLength = 43 // characters of a random token
)

func (s *Service) attemptCookie(state string) string { return s.Party.ID + "-attempt-" + state[:8] }

// signIn sends the visitor to the gateway.
func (s *Service) signIn(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.sessions.of(s.cookie(r, s.sessionCookie()), s.Now()); ok {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	gateway, err := s.gateway(r.Context())
	if err != nil {
		s.Log.Warn("demo service: the gateway does not answer", "service", s.Party.ID, "cause", err)
		s.showProblem(w, r, http.StatusServiceUnavailable, "gateway", "")
		return
	}
	a := attempt{state: randomToken(), nonce: randomToken(), verifier: oauth2.GenerateVerifier()}
	s.setCookie(w, s.attemptCookie(a.state), strings.Join([]string{a.state, a.nonce, a.verifier}, "."), attemptLife)
	options := []oauth2.AuthCodeOption{oidc.Nonce(a.nonce), oauth2.S256ChallengeOption(a.verifier), oauth2.SetAuthURLParam("ui_locales", s.speaks(r))}
	if s.Party.Query != "" {
		options = append(options, oauth2.SetAuthURLParam("claims", s.Party.Query))
	}
	http.Redirect(w, r, s.oauth(gateway).AuthCodeURL(a.state, options...), http.StatusSeeOther)
}

// attemptOf finds the attempt that an answer belongs to.
func (s *Service) attemptOf(r *http.Request, state string) (a attempt, ok bool) {
	if len(state) != stateLength {
		return a, false
	}
	parts := strings.Split(s.cookie(r, s.attemptCookie(state)), ".")
	if len(parts) != 3 || parts[0] != state {
		return a, false
	}
	return attempt{parts[0], parts[1], parts[2]}, true
}

// comeBack takes the gateway's answer.
func (s *Service) comeBack(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	a, ok := s.attemptOf(r, q.Get("state"))
	if !ok || q.Get("iss") != s.Issuer { // another's answer, or one to a question never asked (RFC 9207)
		s.showProblem(w, r, http.StatusBadRequest, "stale", "")
		return
	}
	s.setCookie(w, s.attemptCookie(a.state), "", -1)
	if code := q.Get("error"); code != "" {
		s.showProblem(w, r, http.StatusOK, problemOf(code), code)
		return
	}
	found, err := s.redeem(r.Context(), q.Get("code"), a)
	if err != nil {
		s.Log.Warn("demo service: sign-in failed", "service", s.Party.ID, "cause", err)
		s.showProblem(w, r, http.StatusBadGateway, "failed", "")
		return
	}
	s.setCookie(w, s.sessionCookie(), s.sessions.begin(found, s.Now()), sessionLife)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// problemOf is the page for an error code of the gateway.
func problemOf(code string) string {
	switch code {
	case "access_denied":
		return "denied"
	case "unmet_authentication_requirements":
		return "unmet"
	}
	return "failed"
}

// redeem turns a code into a session: tokens, their check, and the claims.
func (s *Service) redeem(ctx context.Context, code string, a attempt) (found session, err error) {
	gateway, err := s.gateway(ctx)
	if err != nil {
		return found, err
	}
	ctx = s.outbound(ctx)
	token, err := s.oauth(gateway).Exchange(ctx, code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		return found, withoutBody(err)
	}
	found.AccessToken = token.AccessToken
	found.IDToken, _ = token.Extra("id_token").(string)
	id, err := gateway.Verifier(&oidc.Config{ClientID: s.Party.ClientID, Now: s.Now}).Verify(ctx, found.IDToken)
	if err != nil {
		return found, err
	}
	if id.Nonce != a.nonce {
		return found, errors.New("the ID token answers another request")
	}
	if err := id.Claims(&found.Proof); err != nil {
		return found, err
	}
	info, err := gateway.UserInfo(ctx, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token.AccessToken}))
	if err != nil {
		return found, err
	}
	if info.Subject != id.Subject {
		return found, errors.New("userinfo is about somebody else") // OpenID Connect Core, 5.3.2
	}
	err = info.Claims(&found.Claims)
	found.Received = map[string]any{"id_token": found.Proof, "userinfo": found.Claims}
	return found, err
}

// withoutBody keeps what a token endpoint said out of the log, but for its code.
func withoutBody(err error) error {
	var failed *oauth2.RetrieveError
	if errors.As(err, &failed) {
		return fmt.Errorf("the token endpoint answered %q", failed.ErrorCode)
	}
	return err
}
