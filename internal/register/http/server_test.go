package registerhttp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kapu/internal/register"
	registerhttp "kapu/internal/register/http"
)

// stub is a register that always gives the same error.
type stub struct{ err error }

func (s stub) Check(context.Context, register.Query) (register.Verdict, error) {
	return register.Verdict{Trace: "T-1"}, s.err
}

func (s stub) ByReference(context.Context, register.Reference) (register.Record, error) {
	return register.Record{Status: register.Alive}, s.err
}

func post(handler http.Handler, path, contentType, key, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Idempotency-Key", key)
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	return response
}

func TestServerRefusesWhatIsNotAQuestion(t *testing.T) {
	const json = "application/json"
	for _, c := range []struct {
		name, path, contentType, key, body string
		want                               int
	}{
		{"a question", "/v1/checks", json, "1", `{}`, 200},
		{"a look-up", "/v1/lookups", json, "1", `{"reference":"r"}`, 200},
		{"no request id", "/v1/checks", json, "", `{}`, 400},
		{"a long request id", "/v1/checks", json, strings.Repeat("1", 65), `{}`, 400},
		{"a form", "/v1/checks", "application/x-www-form-urlencoded", "1", `{}`, 415},
		{"broken JSON", "/v1/checks", json, "1", `{`, 400},
		{"no JSON", "/v1/checks", json, "1", ``, 400},
		{"an unknown field", "/v1/checks", json, "1", `{"shoe_size":44}`, 400},
		{"a day that does not exist", "/v1/checks", json, "1", `{"birth_date":"2023-02-29"}`, 400},
		{"two questions", "/v1/checks", json, "1", `{}{}`, 400},
		{"too much", "/v1/checks", json, "1", `{"birth_place":"` + strings.Repeat("x", 20_000) + `"}`, 413},
		{"no such path", "/v1/people", json, "1", `{}`, 404},
	} {
		response := post(registerhttp.Handler(stub{}), c.path, c.contentType, c.key, c.body)
		if response.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, response.Code, c.want)
		}
		if c.want == 200 && response.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: may be cached", c.name)
		}
	}
}

func TestServerTellsErrorsByStatus(t *testing.T) {
	for want, err := range map[int]error{
		404: register.ErrUnknown, 422: register.ErrRefused, 503: register.ErrUnavailable, 500: context.Canceled,
	} {
		response := post(registerhttp.Handler(stub{err}), "/v1/lookups", "application/json", "1", `{"reference":"r"}`)
		if response.Code != want || response.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v: %d %s", err, response.Code, response.Header().Get("Content-Type"))
		}
		if strings.Contains(response.Body.String(), "register:") {
			t.Errorf("the problem tells our own error: %s", response.Body)
		}
	}
}

func FuzzServer(f *testing.F) {
	for _, seed := range []string{`{}`, `{"birth_date":"1985-03-12"}`, `{"document":{"kind":"passport"}}`, `[`, `null`, `{"document":null}`, "\xff"} {
		f.Add(seed)
	}
	handler := registerhttp.Handler(stub{})
	f.Fuzz(func(t *testing.T, body string) {
		if code := post(handler, "/v1/checks", "application/json", "1", body).Code; code != 200 && code != 400 && code != 413 {
			t.Errorf("%q: %d", body, code)
		}
	})
}

func FuzzClient(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"trace":"1","person":"alive","document":"valid","findings":[]}`, `{"record":{"taj":"1"}}`} {
		f.Add(seed)
	}
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		says(200, "application/json", body)(w, r)
	}))
	f.Cleanup(server.Close)
	client, err := registerhttp.New(registerhttp.Config{BaseURL: server.URL, OpenAfter: 1 << 40})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		body = answer
		verdict, err := client.Check(t.Context(), query)
		if err == nil && verdict.Validate() != nil {
			t.Errorf("took %q for a verdict", answer)
		}
	})
}
