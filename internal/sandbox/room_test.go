package sandbox

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"kapu/internal/catalogue"
	"kapu/internal/store/storetest"
	"kapu/internal/volatile"
	"kapu/internal/web"
)

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS("."), "sandbox.what.", "sandbox.do."); err != nil {
		t.Error(err)
	}
}

// house is the page behind a shell, with a developer's browser.
type house struct {
	*httptest.Server
	t      *testing.T
	keeper *Keeper
	room   *Room
	clock  *storetest.Clock
	client *http.Client
}

func newHouse(t *testing.T) *house {
	t.Helper()
	db, clock := storetest.SQLite(t)
	ring := storetest.Ring(t)
	named := func(n string) map[string]string { return map[string]string{"hu": n} }
	list, err := catalogue.New([]*catalogue.Service{
		{ID: "tax", Name: named("Adóhivatal"), URL: "https://tax.example/", Level: "low"},
		{ID: "town", Name: named("Kisfalud"), URL: "https://town.example/", Level: "low"},
		{ID: "quiet", Name: named("Csendes"), URL: "https://quiet.example/", Level: "low"},
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, clock: clock, keeper: NewKeeper(volatile.NewSQL(db), ring, clock.Now), Server: httptest.NewUnstartedServer(nil)}
	h.keeper.Allow([]string{"tax", "town"})
	shell, err := web.New(web.Config{Issuer: "http://" + h.Listener.Addr().String(), Now: clock.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	h.room = NewRoom(RoomConfig{Keeper: h.keeper, Catalogue: list, Ring: ring, Shell: shell, Now: clock.Now})
	mux := http.NewServeMux()
	shell.Mount(mux)
	h.room.Mount(mux)
	h.Config.Handler = shell.Wrap(mux)
	h.Start()
	t.Cleanup(h.Close)
	jar, _ := cookiejar.New(nil)
	h.client = &http.Client{Jar: jar}
	return h
}

func (h *house) read(answer *http.Response, err error) (int, string) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func (h *house) get(path string) (int, string) { return h.read(h.client.Get(h.URL + path)) }

func (h *house) enter(service, code string) (int, string) {
	r, err := http.NewRequest(http.MethodPost, h.URL+Path(service), strings.NewReader(url.Values{"code": {code}}.Encode()))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return h.read(h.client.Do(r))
}

func (h *house) code(service string) string {
	h.t.Helper()
	code, err := h.keeper.Invite(h.t.Context(), service)
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

func TestTheOperatorsCodeOpensThePageOfOneService(t *testing.T) {
	h := newHouse(t)
	keep(t, h.keeper, "tax", Exchange{What: "token", Status: 400, Fault: &Fault{Code: "invalid_grant", Text: "the code was used before", Section: "RFC 6749, 4.1.2"}})
	keep(t, h.keeper, "town", Exchange{What: "userinfo", Status: 200, Sent: []Line{{Name: "town_only", Text: "x"}}})
	if status, body := h.get(Path("tax")); status != http.StatusOK || strings.Contains(body, "invalid_grant") {
		t.Fatalf("%d: a stranger sees the exchanges", status)
	}
	if status, body := h.enter("tax", "WRONG"); status != http.StatusUnprocessableEntity || strings.Contains(body, "WRONG") {
		t.Errorf("%d: a wrong code", status)
	}
	code := h.code("tax")
	status, body := h.enter("tax", code)
	for _, want := range []string{"invalid_grant", "the code was used before (RFC 6749, 4.1.2)", "A kód egyszer váltható be", "Tokenkérés"} {
		if !strings.Contains(body, want) {
			t.Errorf("%d: the page lacks %q", status, want)
		}
	}
	if strings.Contains(body, "town_only") || strings.Contains(body, code) {
		t.Error("another service's exchange, or the code, is on the page")
	}
	if _, body := h.get(Path("town")); strings.Contains(body, "town_only") {
		t.Error("the code of one service opened the page of another")
	}
	if _, body := (&house{Server: h.Server, t: t, client: http.DefaultClient}).enter("tax", code); strings.Contains(body, "invalid_grant") {
		t.Error("the code counts twice")
	}
	h.clock.Advance(visitLife)
	keep(t, h.keeper, "tax", Exchange{What: "token", Fault: &Fault{Code: "invalid_grant"}})
	if _, body := h.get(Path("tax")); strings.Contains(body, "invalid_grant") {
		t.Error("the page stays open for ever")
	}
}

func TestWithoutASandboxThereIsNoPage(t *testing.T) {
	h := newHouse(t)
	h.enter("tax", h.code("tax"))
	for _, service := range []string{"quiet", "nobody"} {
		if status, _ := h.get(Path(service)); status != http.StatusNotFound {
			t.Errorf("%s: %d", service, status)
		}
	}
	h.keeper.Allow([]string{"town"})
	if status, _ := h.get(Path("tax")); status != http.StatusNotFound {
		t.Errorf("%d: whoever is in stays in, though the operator took the sandbox away", status)
	}
}

func TestThereAreWordsForEveryKindAndAdvice(t *testing.T) {
	text, err := os.ReadFile("text/hu.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range Kinds() {
		if key := (Exchange{What: kind}).Title(); !strings.Contains(string(text), `"`+key+`"`) {
			t.Error("no words for " + key)
		}
	}
	for _, code := range append(advised, "never_heard_of") {
		if key := (&Fault{Code: code}).Advice(); !strings.Contains(string(text), `"`+key+`"`) {
			t.Error("no words for " + key)
		}
	}
}
