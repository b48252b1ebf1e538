package passkey_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"testing"

	"github.com/descope/virtualwebauthn"

	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// site is the gateway as a browser tells its authenticators.
var site = virtualwebauthn.RelyingParty{ID: "kapu.example", Name: "Kapu", Origin: roomtest.Issuer}

// device is an authenticator with one key.
type device struct {
	virtualwebauthn.Authenticator
	key  virtualwebauthn.Credential
	site virtualwebauthn.RelyingParty
}

// keyBytes is the length of a P-256 public key in COSE (RFC 9053, 7.1.1). The virtual
// authenticator leaves leading zeros of its coordinates out, which no real one does.
const keyBytes = 77

func newDevice() *device {
	key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	for len(key.Key.AttestationData()) != keyBytes {
		key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	return &device{Authenticator: virtualwebauthn.NewAuthenticator(), key: key, site: site}
}

// copied is another device with the same key, as of now.
func (d *device) copied() *device { c := *d; return &c }

var (
	shownOptions   = regexp.MustCompile(`data-options="(\{.*\})"`)
	shownChallenge = regexp.MustCompile(`name="challenge" value="([^"]+)"`)
)

// page is what the script reads on the page the browser is on.
func page(t *testing.T, b *roomtest.Browser) (options, challenge string) {
	t.Helper()
	o, c := shownOptions.FindStringSubmatch(b.Body), shownChallenge.FindStringSubmatch(b.Body)
	if o == nil || c == nil {
		t.Fatalf("%s asks for no passkey:\n%s", b.URL.Path, b.Body)
	}
	return o[1], c[1]
}

// made is the answer of a device that makes its key.
func (d *device) made(t *testing.T, options string) string {
	t.Helper()
	asked, err := virtualwebauthn.ParseAttestationOptions(options)
	if err != nil {
		t.Fatal(err)
	}
	d.Options.UserHandle = []byte(asked.UserID)
	return virtualwebauthn.CreateAttestationResponse(d.site, d.Authenticator, d.key, *asked)
}

// shows is the answer of a device that uses its key: once more than before.
func (d *device) shows(t *testing.T, options string) string {
	t.Helper()
	asked, err := virtualwebauthn.ParseAssertionOptions(options)
	if err != nil {
		t.Fatal(err)
	}
	if d.key.Counter > 0 {
		d.key.Counter++
	}
	return virtualwebauthn.CreateAssertionResponse(d.site, d.Authenticator, d.key, *asked)
}

func open(t *testing.T) *roomtest.Gateway {
	db, clock := storetest.SQLite(t)
	return roomtest.New(t, db, clock)
}

// signedIn is a browser whose citizen has come with password and code.
func signedIn(t *testing.T, g *roomtest.Gateway, c roomtest.Citizen) *roomtest.Browser {
	t.Helper()
	return g.Browser(t).SignIn(c).At("/signin/totp").Submit("code", g.Code(c.Secret)).See(http.StatusOK, "service")
}

// atMaking is a browser on the page where the device makes the key.
func atMaking(t *testing.T, b *roomtest.Browser, name string) *roomtest.Browser {
	t.Helper()
	return b.Post("/account/passkeys").At("/signin/enrol/passkey").
		Submit("name", name, "password", roomtest.Password).At("/signin/enrol/passkey").See(http.StatusOK, "eszközén a sor")
}

// adds has the device make a key for the citizen of the browser.
func adds(t *testing.T, b *roomtest.Browser, d *device, name string) *roomtest.Browser {
	t.Helper()
	options, challenge := page(t, atMaking(t, b, name))
	return b.Submit("challenge", challenge, "answer", d.made(t, options)).At("/account/passkeys").See(http.StatusOK, name)
}

// keyed is a citizen who has a passkey on a new device, and Ügyfélkapu+.
func keyed(t *testing.T, g *roomtest.Gateway, username string, counter uint32) (roomtest.Citizen, *device) {
	t.Helper()
	c, d := g.Plus(t, g.Citizen(t, username)), newDevice()
	d.key.Counter = counter
	adds(t, signedIn(t, g, c), d, "telefonom")
	g.Clock.Advance(step) // for another code
	return c, d
}

// atKey is a browser on the page that asks for a passkey.
func atKey(t *testing.T, g *roomtest.Gateway) *roomtest.Browser {
	t.Helper()
	return g.Browser(t).Visit("/service").At("/signin/choose").Submit("method", "passkey").At("/signin/passkey")
}

// comes has the device show its key on the page the browser is on.
func comes(t *testing.T, b *roomtest.Browser, d *device) *roomtest.Browser {
	t.Helper()
	options, challenge := page(t, b)
	return b.Submit("challenge", challenge, "answer", d.shows(t, options))
}

// keys are the account's passkeys.
func keys(t *testing.T, g *roomtest.Gateway, account string) (all []store.Passkey) {
	t.Helper()
	err := g.DB.View(t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Passkeys(account)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// asked is what options say, as far as the tests look.
type asked struct {
	UserVerification string            `json:"userVerification"`
	AllowCredentials []json.RawMessage `json:"allowCredentials"`
	RPID             string            `json:"rpId"`
}
