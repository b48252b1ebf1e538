package roomtest

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kapu/internal/method/totp"
	"kapu/internal/store"
)

// Browser keeps cookies, follows redirects and remembers the page it is on.
type Browser struct {
	Page
	t      testing.TB
	base   *url.URL
	client *http.Client
	Agent  string // what it says of itself; "" for what Go's client does
}

// Page is what a browser was shown.
type Page struct {
	Status int
	URL    *url.URL
	Header http.Header
	Body   string
}

// Browser is a new browser, in Hungarian.
func (g *Gateway) Browser(t testing.TB) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	base, err := url.Parse(g.URL)
	must(t, err)
	return &Browser{t: t, base: base, client: &http.Client{Jar: jar}}
}

// Visit opens an address of the gateway.
func (b *Browser) Visit(address string) *Browser {
	b.t.Helper()
	return b.send(http.MethodGet, address, "")
}

// Submit sends the form of the page the browser is on: names and values in turn.
func (b *Browser) Submit(pairs ...string) *Browser {
	b.t.Helper()
	return b.Post(b.URL.String(), pairs...)
}

// Post sends a form to an address.
func (b *Browser) Post(address string, pairs ...string) *Browser {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.send(http.MethodPost, address, form.Encode())
}

func (b *Browser) send(method, address, body string) *Browser {
	b.t.Helper()
	to, err := b.base.Parse(address)
	must(b.t, err)
	r, err := http.NewRequest(method, to.String(), strings.NewReader(body))
	must(b.t, err)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if b.Agent != "" {
		r.Header.Set("User-Agent", b.Agent)
	}
	if body != "" || method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := b.client.Do(r)
	must(b.t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(b.t, err)
	b.Page = Page{Status: answer.StatusCode, URL: answer.Request.URL, Header: answer.Header, Body: html.UnescapeString(string(text))}
	return b
}

// See ends the test unless the page has the status and every text.
func (b *Browser) See(status int, texts ...string) *Browser {
	b.t.Helper()
	if b.Status != status {
		b.t.Fatalf("%s: status %d, not %d\n%s", b.URL.Path, b.Status, status, b.Body)
	}
	for _, text := range texts {
		if !strings.Contains(b.Body, text) {
			b.t.Fatalf("%s does not say %q:\n%s", b.URL.Path, text, b.Body)
		}
	}
	return b
}

// At ends the test unless the browser is at the path.
func (b *Browser) At(path string) *Browser {
	b.t.Helper()
	if b.URL.Path != path {
		b.t.Fatalf("at %s (%d), not at %s:\n%s", b.URL.Path, b.Status, path, b.Body)
	}
	return b
}

var link = regexp.MustCompile(`<a [^>]*href="([^"]*)"[^>]*>(?s:(.*?))</a>`)

// Follow follows the link that has the words.
func (b *Browser) Follow(words string) *Browser {
	b.t.Helper()
	for _, found := range link.FindAllStringSubmatch(b.Body, -1) {
		if strings.Contains(found[2], words) {
			return b.Visit(found[1])
		}
	}
	b.t.Fatalf("%s has no link %q:\n%s", b.URL.Path, words, b.Body)
	return b
}

var action = regexp.MustCompile(`<form [^>]*action="([^"]+)"[^>]*data-`)

// Action is where the form leads that a script of the page sends.
func (b *Browser) Action() string {
	b.t.Helper()
	return b.shown(action)
}

// Twin is another browser with the same cookies as this one has now: what a
// second request sends that was begun before the first was answered, and what a
// thief has who copied them.
func (b *Browser) Twin() *Browser {
	b.t.Helper()
	jar, err := cookiejar.New(nil)
	must(b.t, err)
	jar.SetCookies(b.base, b.client.Jar.Cookies(b.base))
	return &Browser{Page: b.Page, t: b.t, base: b.base, client: &http.Client{Jar: jar}, Agent: b.Agent}
}

// SignIn goes from a service to the password and past it.
func (b *Browser) SignIn(c Citizen) *Browser {
	b.t.Helper()
	return b.Visit("/service").At("/signin/choose").Submit("method", "totp").At("/signin/password").
		Submit("username", string(c.Username), "password", c.Password)
}

var (
	shownKey     = regexp.MustCompile(`id="key">([A-Z2-7 ]+)<`)
	shownRemoval = regexp.MustCompile(`id="removal">([A-Z2-9-]+)<`)
)

// Secret is the key that the page of setting up shows.
func (b *Browser) Secret() totp.Secret {
	b.t.Helper()
	s, err := totp.ParseSecret(b.shown(shownKey))
	must(b.t, err)
	return s
}

// Removal is the removal code that the page shows.
func (b *Browser) Removal() totp.RemovalCode {
	b.t.Helper()
	c, err := totp.ParseRemovalCode(b.shown(shownRemoval))
	must(b.t, err)
	return c
}

func (b *Browser) shown(what *regexp.Regexp) string {
	b.t.Helper()
	found := what.FindStringSubmatch(b.Body)
	if found == nil {
		b.t.Fatalf("%s does not show it:\n%s", b.URL.Path, b.Body)
	}
	return found[1]
}

// SetUp fills in the first page of enrolment and arrives at the second.
func (g *Gateway) SetUp(t testing.TB, b *Browser, c Citizen) *Browser {
	t.Helper()
	return b.At("/signin/enrol/totp").Submit("code", g.Code(b.Secret()), "password", c.Password)
}

// Enrol goes through both pages of enrolment; the citizen then has Ügyfélkapu+.
func (g *Gateway) Enrol(t testing.TB, b *Browser, c Citizen) (*Browser, Citizen) {
	t.Helper()
	c.Secret = b.Secret()
	g.SetUp(t, b, c)
	c.Removal = b.Removal()
	return b.Submit("kept", "yes"), c
}

// Letter is a message of the outbox.
type Letter struct {
	To, Kind           string
	Code, Number, Link string
	Names              []string
}

// Path is the link without the issuer, for [Browser.Visit].
func (l Letter) Path() string { return strings.TrimPrefix(l.Link, Issuer) }

// Letters takes everything that waits in the outbox, oldest first.
func (g *Gateway) Letters(t testing.TB) (all []Letter) {
	t.Helper()
	must(t, g.DB.Update(context.Background(), func(tx *store.Tx) error {
		all = nil
		messages, err := tx.ClaimMessages(100, 0)
		for _, m := range messages {
			l := Letter{To: m.Recipient, Kind: m.Template}
			must(t, json.Unmarshal(m.Data, &l))
			all = append(all, l)
			must(t, tx.MessageSent(m.ID))
		}
		return err
	}))
	return all
}

// Letter takes what waits in the outbox and returns the one letter of the kind.
func (g *Gateway) Letter(t testing.TB, kind string) Letter {
	t.Helper()
	all := g.Letters(t)
	for _, l := range all {
		if l.Kind == kind {
			return l
		}
	}
	t.Fatalf("no letter %q among %d", kind, len(all))
	return Letter{}
}

// Events lists the kinds of a person's ledger entries, oldest first.
func (g *Gateway) Events(t testing.TB, person string) (kinds []string) {
	t.Helper()
	must(t, g.DB.View(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.LedgerOf(person, "", 100)
		for _, row := range rows {
			kinds = append([]string{row.Kind}, kinds...)
		}
		return err
	}))
	return kinds
}
