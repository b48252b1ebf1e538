// A service that lets people in through the gateway, and hears when they sign out
// elsewhere.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"html"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

var (
	issuer = "http://localhost:8080"
	here   = "http://localhost:9000"
)

type person struct{ name, session, proof string }

type service struct {
	gateway *oidc.Provider
	tokens  *oidc.IDTokenVerifier
	oauth   oauth2.Config
	mu      sync.Mutex
	people  map[string]person // who is signed in, by the cookie of their browser
}

func main() {
	gateway, err := oidc.NewProvider(context.Background(), issuer)
	if err != nil {
		log.Fatal(err)
	}
	s := &service{gateway: gateway, people: map[string]person{}}
	s.tokens = gateway.Verifier(&oidc.Config{ClientID: "my-service"})
	s.oauth = oauth2.Config{ClientID: "my-service", ClientSecret: os.Getenv("CLIENT_SECRET"), Endpoint: gateway.Endpoint(),
		RedirectURL: here + "/callback", Scopes: []string{oidc.ScopeOpenID, "profile"}}
	http.HandleFunc("GET /{$}", s.start)
	http.HandleFunc("GET /signin", s.signIn)
	http.HandleFunc("GET /callback", s.comeBack)
	http.HandleFunc("GET /signout", s.signOut)
	http.HandleFunc("POST /callback", s.hear)
	log.Fatal(http.ListenAndServe(strings.TrimPrefix(here, "http://"), nil))
}

func (s *service) start(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if p, ok := s.visitor(r); ok {
		fmt.Fprintf(w, `<p>Hello, %s</p><a href="/signout">Sign out</a>`, html.EscapeString(p.name))
		return
	}
	fmt.Fprint(w, `<a href="/signin">Sign in</a>`)
}

// signIn sends the browser to the gateway, and keeps in its cookie what was asked.
func (s *service) signIn(w http.ResponseWriter, r *http.Request) {
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	keep(w, "asked", strings.Join([]string{state, nonce, verifier}, "."))
	http.Redirect(w, r, s.oauth.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), http.StatusSeeOther)
}

func (s *service) comeBack(w http.ResponseWriter, r *http.Request) {
	q, asked := r.URL.Query(), strings.Split(cookie(r, "asked"), ".")
	if len(asked) != 3 || q.Get("state") != asked[0] || q.Get("iss") != issuer {
		http.Error(w, "This is no answer to our question.", http.StatusBadRequest)
		return
	}
	if problem := q.Get("error"); problem != "" {
		http.Error(w, "Nobody was signed in: "+problem, http.StatusForbidden)
		return
	}
	p, err := s.learn(r.Context(), q.Get("code"), asked[1], asked[2])
	if err != nil {
		log.Print(err)
		http.Error(w, "That did not work.", http.StatusBadGateway)
		return
	}
	name := rand.Text()
	s.mu.Lock()
	s.people[name] = p
	s.mu.Unlock()
	keep(w, "visitor", name)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// learn turns a code into tokens, and asks who it is.
func (s *service) learn(ctx context.Context, code, nonce, verifier string) (p person, err error) {
	tokens, err := s.oauth.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return p, err
	}
	p.proof, _ = tokens.Extra("id_token").(string)
	proof, err := s.tokens.Verify(ctx, p.proof)
	if err != nil {
		return p, err
	}
	if proof.Nonce != nonce {
		return p, fmt.Errorf("the ID token answers another question")
	}
	info, err := s.gateway.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return p, err
	}
	if info.Subject != proof.Subject {
		return p, fmt.Errorf("the answer is about somebody else")
	}
	var said struct {
		Name    string `json:"name"`
		Session string `json:"sid"`
	}
	if err := proof.Claims(&said); err != nil {
		return p, err
	}
	if err := info.Claims(&said); err != nil {
		return p, err
	}
	p.name, p.session = said.Name, said.Session
	return p, nil
}

// signOut ends the session here, and asks the gateway to end its own.
func (s *service) signOut(w http.ResponseWriter, r *http.Request) {
	p, _ := s.visitor(r)
	s.end(func(other person) bool { return other == p })
	q := url.Values{"id_token_hint": {p.proof}, "post_logout_redirect_uri": {here + "/"}}
	http.Redirect(w, r, issuer+"/oidc/end-session?"+q.Encode(), http.StatusSeeOther)
}

// hear takes the gateway's word that a session has ended (back-channel logout).
func (s *service) hear(w http.ResponseWriter, r *http.Request) {
	ended, err := s.tokens.VerifyLogout(r.Context(), r.PostFormValue("logout_token"))
	if err != nil {
		http.Error(w, "This is no logout token.", http.StatusBadRequest)
		return
	}
	s.end(func(p person) bool { return p.session == ended.SessionID })
}

func (s *service) end(of func(person) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, p := range s.people {
		if of(p) {
			delete(s.people, name)
		}
	}
}

func (s *service) visitor(r *http.Request) (p person, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok = s.people[cookie(r, "visitor")]
	return p, ok
}

func keep(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}
