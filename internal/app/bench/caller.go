package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// caller is a signed-in browser and the service that it visits, on one connection.
type caller struct {
	*line
	cookies string // header line of the browser
	basic   string // header line of the service: who it is
	bearer  string // header line of the service: its access token
	query   string // what the browser is sent for

	access, refresh, id string   // the tokens got last
	ahead               []string // addresses that were made before they are needed
}

// atOnce is a browser that is ready without more ado.
func atOnce(*caller) error { return nil }

// verifier is one for all flows (RFC 7636): what it hides is not what is measured.
const verifier = "bench-bench-bench-bench-bench-bench-bench-bench"

// callers connects citizens who sign in, one on each line.
func (w *world) callers(ctx context.Context, people []citizen) (all []*caller, err error) {
	home, err := url.Parse(w.Issuer)
	if err != nil {
		return nil, err
	}
	for _, c := range people {
		v := w.visitor()
		if err := v.signIn(ctx, c); err != nil {
			return nil, fmt.Errorf("signing in before the measurement: %w", err)
		}
		r := http.Request{Header: http.Header{}}
		for _, cookie := range v.client.Jar.Cookies(home) {
			r.AddCookie(cookie)
		}
		all = append(all, &caller{cookies: headerLine(r, "Cookie")})
	}
	for _, c := range all {
		if c.line, err = dial(ctx, w.Listen); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// turnTo has the caller visit a client, once, for some scopes.
func (c *caller) turnTo(client, secret, scopes string) error {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(client, secret)
	c.basic, c.query = headerLine(r, "Authorization"), queryOf(client, scopes)
	return c.singleSignOn()
}

func headerLine(r http.Request, name string) string { return name + ": " + r.Header.Get(name) + "\r\n" }

func queryOf(client, scopes string) string {
	challenge := sha256.Sum256([]byte(verifier))
	return "/oidc/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {client}, "redirect_uri": {redirectURI}, "scope": {scopes},
		"state": {"state-of-the-service"}, "nonce": {"nonce-of-the-service"},
		"code_challenge_method": {"S256"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])},
	}.Encode()
}

// singleSignOn goes to the service with the session that the browser has, and
// exchanges the code.
func (c *caller) singleSignOn() error {
	a, err := c.get(c.query, c.cookies)
	if err != nil {
		return err
	}
	code, ok := strings.CutPrefix(a.location, redirectURI+"?code=")
	if !ok {
		return fmt.Errorf("authorize: %d, and no code", a.status)
	}
	code, _, _ = strings.Cut(code, "&")
	a, err = c.post("/oidc/token", c.basic, "grant_type=authorization_code&redirect_uri="+url.QueryEscape(redirectURI)+"&code_verifier="+verifier+"&code="+code)
	return c.take(a, err, "id_token")
}

// renew exchanges the refresh token for the next.
func (c *caller) renew() error {
	a, err := c.post("/oidc/token", c.basic, "grant_type=refresh_token&refresh_token="+c.refresh)
	return c.take(a, err, "refresh_token")
}

// forItself gets a token for the service itself.
func (c *caller) forItself() error {
	a, err := c.post("/oidc/token", c.basic, "grant_type=client_credentials")
	return c.expect(a, err, `"access_token":`)
}

func (c *caller) introspect() error {
	a, err := c.post("/oidc/introspect", c.basic, "token="+c.access)
	return c.expect(a, err, `"active":true`)
}

func (c *caller) userInfo() error {
	a, err := c.get("/oidc/userinfo", c.bearer)
	return c.expect(a, err, `"birthdate":`)
}

// The documents are asked for as HTTP libraries do.
const takesGzip = "Accept-Encoding: gzip\r\n"

func (c *caller) discovery() error {
	a, err := c.get("/.well-known/openid-configuration", takesGzip)
	return c.expect(a, err, gzipped)
}

func (c *caller) jwks() error {
	a, err := c.get("/oidc/jwks", takesGzip)
	return c.expect(a, err, gzipped)
}

// gzipped is how what is compressed begins (RFC 1952, 2.3.1). That it holds keys
// that fit is checked with the ID tokens.
const gzipped = "\x1f\x8b"

// bare asks the handler that does nothing.
func (c *caller) bare() error {
	a, err := c.get("/", "")
	return c.expect(a, err, "bare")
}

// expect checks that an answer is a good one, and says what was looked for.
func (c *caller) expect(a reply, err error, part string) error {
	if err == nil && (a.status != http.StatusOK || !bytes.Contains(a.body, []byte(part))) {
		err = fmt.Errorf("an answer %d without %s", a.status, part)
	}
	return err
}

// take keeps the tokens of an answer, one of which must be there.
func (c *caller) take(a reply, err error, must string) error {
	if err := c.expect(a, err, `"`+must+`":"`); err != nil {
		return err
	}
	c.access, c.refresh, c.id = member(a.body, "access_token"), member(a.body, "refresh_token"), member(a.body, "id_token")
	c.bearer = "Authorization: Bearer " + c.access + "\r\n"
	return nil
}

// member is a text of a JSON object in which nothing is escaped.
func member(body []byte, name string) string {
	_, rest, _ := bytes.Cut(body, []byte(`"`+name+`":"`))
	value, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(value)
}
