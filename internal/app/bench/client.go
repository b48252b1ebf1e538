package bench

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/method/totp"
)

// visitor is one browser: it keeps cookies and follows the corridor by hand.
type visitor struct {
	world   *world
	client  *http.Client
	address string // where it says it comes from; "" for where it does
}

// transport is shared: connections stay open, as a browser's and a service's do.
var transport = &http.Transport{MaxIdleConnsPerHost: 256}

// service is the client of the service's own requests.
var service = &http.Client{Transport: transport}

func (w *world) visitor() *visitor {
	jar, _ := cookiejar.New(nil) // never fails
	return &visitor{world: w, client: &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// get follows one step; it returns where a redirect leads, or "" with the page read.
func (v *visitor) get(ctx context.Context, address string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	return v.do(r)
}

func (v *visitor) post(ctx context.Context, address string, form url.Values) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", v.world.Issuer)
	return v.do(r)
}

func (v *visitor) do(r *http.Request) (string, error) {
	if v.address != "" {
		r.Header.Set("X-Forwarded-For", v.address)
	}
	res, err := v.client.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return "", err
	}
	switch res.StatusCode {
	case http.StatusOK:
		return "", nil
	case http.StatusSeeOther, http.StatusFound:
		to, err := res.Location()
		if err != nil {
			return "", err
		}
		return to.String(), nil
	}
	return "", fmt.Errorf("%s %s: %s", r.Method, r.URL.Path, res.Status)
}

// signIn goes the whole way: authorize, chooser, password, code, token, validation.
func (v *visitor) signIn(ctx context.Context, c citizen) error {
	at, verifier, err := v.authorize(ctx)
	if err != nil {
		return err
	}
	for _, room := range []struct {
		path string
		form func() url.Values
	}{
		{"/signin/choose", func() url.Values { return url.Values{"method": {string(law.TOTP)}} }},
		{"/signin/password", func() url.Values { return url.Values{"username": {c.Username}, "password": {password}} }},
		{"/signin/totp", func() url.Values { return url.Values{"code": {c.code(time.Now())}} }},
	} {
		if !strings.HasPrefix(at, v.world.Issuer+room.path) {
			return fmt.Errorf("expected %s, was sent elsewhere", room.path)
		}
		if _, err := v.get(ctx, at); err != nil {
			return err
		}
		if at, err = v.post(ctx, at, room.form()); err != nil {
			return err
		}
	}
	return v.redeem(ctx, at, verifier)
}

// singleSignOn reaches the service with the session the visitor has.
func (v *visitor) singleSignOn(ctx context.Context) error {
	at, verifier, err := v.authorize(ctx)
	if err != nil {
		return err
	}
	return v.redeem(ctx, at, verifier)
}

func (v *visitor) authorize(ctx context.Context) (at, verifier string, err error) {
	verifier = keys.RandomToken()
	challenge := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {clientID}, "redirect_uri": {redirectURI}, "scope": {"openid profile"},
		"state": {keys.RandomToken()}, "nonce": {keys.RandomToken()}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])},
	}
	at, err = v.get(ctx, v.world.Issuer+"/oidc/authorize?"+q.Encode())
	return at, verifier, err
}

// redeem exchanges the code and validates the ID token, as a service does.
func (v *visitor) redeem(ctx context.Context, callback, verifier string) error {
	u, err := url.Parse(callback)
	if err != nil {
		return err
	}
	code := u.Query().Get("code")
	if !strings.HasPrefix(callback, redirectURI) || code == "" {
		return errors.New("no code came back")
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI}, "code_verifier": {verifier}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.world.Issuer+"/oidc/token", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(clientID, v.world.Secret)
	res, err := service.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("token: %s", res.Status)
	}
	var answer struct {
		IDToken string `json:"id_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return err
	}
	_, err = v.world.verifier.Verify(ctx, answer.IDToken)
	return err
}

// discover prepares the validation of ID tokens.
func (w *world) discover(ctx context.Context) error {
	provider, err := oidc.NewProvider(ctx, w.Issuer)
	if err != nil {
		return err
	}
	w.verifier = provider.Verifier(&oidc.Config{ClientID: clientID})
	return nil
}

func (c citizen) code(now time.Time) string {
	digits, period, skew := law.Default().TOTP(now)
	return totp.Code(c.secret, now, totp.Params{Digits: digits, Period: period, Skew: skew})
}
