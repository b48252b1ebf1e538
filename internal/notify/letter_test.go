package notify

import (
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/law"
	"kapu/internal/store"
)

var update = flag.Bool("update", false, "write the texts in testdata anew")

var (
	at    = time.Date(2026, 3, 2, 9, 42, 0, 0, time.UTC)
	until = at.Add(5 * 24 * time.Hour)
)

const (
	code = "12345678"
	link = "https://ugyfelkapu.example/activate?for=a&lang=hu"
)

// every is one message of each kind.
var every = []Message{
	ActivationCode{Code: code, Link: link, Until: until},
	CodeResent{Code: code, Link: link, Until: until},
	RegistrationLapsed{Until: until},
	PlusRequested{At: at, RevokeLink: link, RevokeUntil: until},
	PlusRevoked{Code: code, Link: link, Until: until},
	FactorRemoved{At: at, Link: link},
	FactorRemovedByCode{At: at, RevokeLink: link, RevokeUntil: until},
	PasswordChanged{At: at, Link: link},
	DispositionChanged{At: at, Link: link},
	SignInCode{Code: "12345678", Number: "417", Until: at},
	MailCodeRequested{At: at, RevokeLink: link, RevokeUntil: at},
	MailCodeRemoved{At: at, Link: link},
	ProvisionalCode{Code: code, Link: link, Until: until},
	AccountReminder{Until: until, Link: link},
	ProvisionalEnding{Until: until, Link: link},
	AccountExpired{Until: until},
	AccountExtended{Until: until, Link: link},
	AccountAdded{At: at},
	DeletionConfirm{Link: link, Until: until},
	DeletionAnnounced{Due: until, StopLink: link},
	DeletionStopped{At: at, Link: link},
	AccountDeleted{At: at},
	EmailConfirmNew{Link: link, Until: until},
	EmailConfirmOld{Link: link, Until: until},
	EmailChanged{At: at, Link: link},
	EmailChangeAnnounced{Due: until, StopLink: link},
	EmailChangeStopped{At: at, Link: link},
	PasswordReset{Link: link, Until: until},
	UsernameReminder{Usernames: []string{"KisAnna", "annaÚszik"}, Link: link},
	RemovalAnnounced{Due: until, StopLink: link},
	RemovalStopped{At: at, Link: link},
	PasskeyAdded{At: at, RevokeLink: link, RevokeUntil: until},
	PasskeyRemoved{At: at, Link: link},
	PasskeySuspected{At: at, Link: link},
	PhoneProof{Code: "123456", Until: until},
	MandateAccepted{Link: link, Until: until},
	MandateGiven{At: at, Until: until, Link: link},
	MandateEnded{At: at, Link: link},
	PhonePassword{Code: code, Link: link, Until: until},
	PhonePasswordChanged{At: at, Link: link},
	PhoneLocked{At: at, Link: link},
	PhoneUnlocked{At: at, Link: link},
	PhonePaused{At: at, Link: link},
	PhoneLapsed{Until: until},
	PhoneEnded{At: at},
	PhoneUsed{At: at, Why: "elsewhere", Link: link},
	PhoneRefused{At: at},
	SignInNotice{At: at, Method: law.TOTP, Link: link, Until: until},
	SignInAlert{At: at, Method: law.TOTP, Why: "elsewhere", Link: link, Until: until},
	ForbiddenAlert{At: at, Method: law.MailCode, Link: link, Until: until},
	ServiceNotice{At: at, Service: "Adóhivatal", Link: link, Until: until},
	NoticesChanged{At: at, Link: link, Until: until},
	Disowned{At: at, Link: link},
	ReportClosed{At: at, Result: "restored", Link: link},
	Statement{Month: at, Link: link, Lines: []Line{{Kind: "signin", Method: law.TOTP, Count: 12}, {Kind: "signin", Method: law.Passkey, Count: 1},
		{Kind: "release", Name: "Adóhivatal", Count: 3}, {Kind: "change", Count: 1}, {Kind: "office", Name: "Kormányablak", Count: 2}}},
}

func rendered(t *testing.T, m Message, medium, lang string) Outgoing {
	t.Helper()
	data, err := json.Marshal(m.facts())
	if err != nil {
		t.Fatal(err)
	}
	out, err := render(store.Message{ID: "1", Medium: medium, Recipient: "anna@example.hu", Template: m.kind(), Lang: lang, Data: data, Created: at})
	if err != nil {
		t.Fatalf("%s in %s by %s: %v", m.kind(), lang, medium, err)
	}
	return out
}

func eachLetter(t *testing.T, f func(t *testing.T, m Message, lang string)) {
	eachMessage(t, func(t *testing.T, m Message, lang string) {
		if hasLetter(m.kind()) {
			f(t, m, lang)
		}
	})
}

func eachMessage(t *testing.T, f func(t *testing.T, m Message, lang string)) {
	for _, m := range every {
		for _, lang := range langs {
			t.Run(m.kind()+"."+lang, func(t *testing.T) { f(t, m, lang) })
		}
	}
}

func TestTexts(t *testing.T) {
	eachMessage(t, func(t *testing.T, m Message, lang string) {
		got := ""
		if hasLetter(m.kind()) {
			out := rendered(t, m, Mail, lang)
			got = fmt.Sprintf("Subject: %s\n\n%s", out.Subject, out.Plain)
		}
		if hasShortText(m.kind()) {
			got += "\n[SMS]\n" + rendered(t, m, SMS, lang).Plain + "\n"
		}
		golden(t, m.kind()+"."+lang+".txt", got)
	})
	golden(t, "activation-code.hu.html", rendered(t, every[0], Mail, "hu").HTML)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test -update writes it anew):\n%s", name, diff)
	}
}

var (
	headOf = regexp.MustCompile(`(?s)<head>.*</head>`)
	tag    = regexp.MustCompile(`<[^>]*>`)
)

// TestFormsAgree shows that whoever reads only one form of a mail misses nothing.
func TestFormsAgree(t *testing.T) {
	eachLetter(t, func(t *testing.T, m Message, lang string) {
		out := rendered(t, m, Mail, lang)
		read := html.UnescapeString(tag.ReplaceAllString(headOf.ReplaceAllString(out.HTML, ""), " "))
		// The header bar repeats the signature; a label's colon and the signature's dashes are plain text's own.
		office := words[lang]["notify.common.office"].Root.String()
		rich := strings.Fields(strings.Replace(read, office, "", 1))
		plain := strings.Fields(strings.Replace(out.Plain, "-- \n", "", 1))
		bare := func(ws []string) []string {
			for i := range ws {
				ws[i] = strings.TrimSuffix(ws[i], ":")
			}
			return ws
		}
		if diff := cmp.Diff(bare(plain), bare(rich)); diff != "" {
			t.Errorf("plain and HTML differ:\n%s", diff)
		}
		f := m.facts()
		if f.Link != "" && (!strings.Contains(out.Plain, "\n"+f.Link+"\n") || !strings.Contains(out.HTML, `href="`+html.EscapeString(f.Link)+`"`)) {
			t.Errorf("the link is not in both forms")
		}
		for _, name := range f.Names {
			if !strings.Contains(out.Plain, "\n    "+name+"\n") || !strings.Contains(out.HTML, ">"+name+"<") {
				t.Errorf("the username is not in both forms")
			}
		}
		if f.Code != "" && (!strings.Contains(out.Plain, "\n    1234 5678\n") || !strings.Contains(out.HTML, ">1234 5678<")) {
			t.Errorf("the code is not in both forms")
		}
	})
}

func TestHTMLFetchesNothing(t *testing.T) {
	eachLetter(t, func(t *testing.T, m Message, lang string) {
		out := rendered(t, m, Mail, lang)
		for _, never := range []string{"<img", "<script", "<link", "<iframe", "<form", "<table", "url(", "@import", "src="} {
			if strings.Contains(out.HTML, never) {
				t.Errorf("holds %s", never)
			}
		}
	})
}

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	keys := func(lang string) (all []string) {
		for k := range words[lang] {
			all = append(all, k)
		}
		slices.Sort(all)
		return all
	}
	if diff := cmp.Diff(keys("hu"), keys("en")); diff != "" {
		t.Errorf("hu and en differ:\n%s", diff)
	}
	var kinds []string
	for _, m := range every {
		kinds = append(kinds, m.kind())
	}
	for _, k := range keys("hu") {
		kind := strings.Split(k, ".")[1]
		if !slices.Contains([]string{"common", "method", "why", "line"}, kind) && !slices.Contains(kinds, kind) {
			t.Errorf("%s belongs to no message", k)
		}
	}
}

// TestShortTextsAreShort keeps a text message, with the longest link, within the parts that are sent: one without a link
// and with little to say is cheaper, but none may be cut off.
func TestShortTextsAreShort(t *testing.T) {
	longest := "https://" + strings.Repeat("a", LongestSMSLink-len("https://"))
	eachMessage(t, func(t *testing.T, m Message, lang string) {
		if !hasShortText(m.kind()) {
			return
		}
		text := strings.Replace(rendered(t, m, SMS, lang).Plain, link, longest, 1)
		if _, parts := Segments(text); parts > MostSegments {
			t.Errorf("%d parts, want at most %d: %s", parts, MostSegments, text)
		}
	})
}

func TestMoment(t *testing.T) {
	for _, c := range []struct {
		at     time.Time
		hu, en string
	}{
		{time.Date(2026, 1, 31, 23, 5, 0, 0, time.UTC), "2026. február 1-jén 0.05", "00:05 on 1 February 2026 (Budapest time)"},
		{time.Date(2026, 7, 2, 7, 42, 0, 0, time.UTC), "2026. július 2-án 9.42", "09:42 on 2 July 2026 (Budapest time)"},
		{time.Date(2026, 5, 22, 7, 0, 0, 0, time.UTC), "2026. május 22-én 9.00", "09:00 on 22 May 2026 (Budapest time)"},
		{time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC), "2026. március 12-én 13.00", "13:00 on 12 March 2026 (Budapest time)"},
	} {
		if got := moment("hu", c.at); got != c.hu {
			t.Errorf("got %q, want %q", got, c.hu)
		}
		if got := moment("en", c.at); got != c.en {
			t.Errorf("got %q, want %q", got, c.en)
		}
	}
}

func TestUntilDay(t *testing.T) {
	for _, c := range []struct {
		until  time.Time
		hu, en string
	}{
		{time.Date(2029, 3, 3, 23, 0, 0, 0, time.UTC), "2029. március 4-ig", "until 4 March 2029"}, // midnight in Budapest
		{time.Date(2029, 6, 1, 12, 0, 0, 0, time.UTC), "2029. június 1-jéig", "until 1 June 2029"},
	} {
		if hu, en := untilDay("hu", c.until), untilDay("en", c.until); hu != c.hu || en != c.en {
			t.Errorf("got %q and %q, want %q and %q", hu, en, c.hu, c.en)
		}
	}
}

func TestGrouped(t *testing.T) {
	for in, want := range map[string]string{"12345678": "1234 5678", "123456": "123 456", "1234": "1234", "12345": "123 45"} {
		if got := grouped(in); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}
