package paper

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"kapu/internal/identity"
)

var proved = Head{Lang: "hu", Office: "Győr", Made: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Day: "2026. 03. 02.",
	Proof: Proof{URL: "https://kapu.example/paper?p=" + strings.Repeat("c2hlZXQ", 15) + ".AAAAAAAAAAAAAAAAAAAAAA", Digest: "K7PM 3XQ9 W4RT 8HNC"}}

var letter = Letter{Head: proved, Name: identity.Name{Family: "Űrhegyi", Given: "Ödön"},
	Address: identity.Address{Country: identity.Hungary, PostalCode: "9021", Settlement: "Győr", Street: "Árpád út 7."},
	Card:    "56AB", Code: "K7PM-3XQ9-W4R", Expires: "2026. 05. 01.", Link: "https://kapu.example/register/card"}

var record = Record{Head: proved, Title: "e-mail-cím módosítása", Person: []Line{{"current-name", "Űrhegyi Ödön"}, {"tax-number", ""}},
	Act: []Line{{"reason", "az ügyfél kérte"}}, Sentences: []string{"a kérelem tőlem származik;"}}

// all are the papers that bear a proof.
var all = map[string]func() ([]byte, error){
	"sheet":       func() ([]byte, error) { return Sheet(keys, Facts{Head: proved}) },
	"declaration": func() ([]byte, error) { return Declaration(keys, Facts{Head: proved}) },
	"first":       func() ([]byte, error) { return First(keys, Facts{Head: proved}) },
	"minutes":     func() ([]byte, error) { return Minutes(keys, record) },
	"envelope":    func() ([]byte, error) { return Envelope(keys, letter) },
}

// run feeds a paper to a tool of poppler.
func run(t *testing.T, pdf []byte, tool string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Skip(tool + " is not installed (Debian package poppler-utils): the paper cannot be looked at")
	}
	c := exec.CommandContext(t.Context(), path, args...)
	c.Stdin = bytes.NewReader(pdf)
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func text(t *testing.T, pdf []byte, args ...string) string {
	t.Helper()
	return string(run(t, pdf, "pdftotext", append(args, "-layout", "-", "-")...))
}

// The modules are looked for in a picture of the page, where a scanner sees them.
func TestTheCodeIsDrawnAsScannersReadIt(t *testing.T) {
	want, err := qr.Encode(proved.Proof.URL, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	for name, make := range all {
		pdf, err := make()
		if err != nil {
			t.Fatal(err)
		}
		dark := picture(t, pdf)
		unit := proofWidth / float64(want.Size+quietZone)
		for y := -quietZone; y < want.Size+quietZone; y++ {
			for x := -quietZone; x < want.Size+quietZone; x++ {
				mmX := margin + width - proofWidth + unit*(float64(x+quietZone)+0.5)
				mmY := margin - 2 + unit*(float64(y)+0.5)
				if dark(mmX, mmY) != want.Black(x, y) {
					t.Fatalf("%s: module %d, %d is wrong", name, x, y)
				}
			}
		}
	}
}

// picture says of the first page whether a point, in millimetres, is dark.
func picture(t *testing.T, pdf []byte) func(x, y float64) bool {
	t.Helper()
	const dpi = 300
	raw := run(t, pdf, "pdftoppm", "-gray", "-r", fmt.Sprint(dpi), "-singlefile", "-")
	var wide, high, most int
	if _, err := fmt.Sscanf(string(raw[:20]), "P5\n%d %d\n%d\n", &wide, &high, &most); err != nil {
		t.Fatal(err)
	}
	pixels := raw[len(raw)-wide*high:]
	return func(x, y float64) bool {
		return pixels[int(y/25.4*dpi)*wide+int(x/25.4*dpi)] < 128
	}
}

func TestTheDigestStandsBelowTheCode(t *testing.T) {
	for name, make := range all {
		pdf, err := make()
		if err != nil {
			t.Fatal(err)
		}
		if said := text(t, pdf); !strings.Contains(said, "K7PM 3XQ9") || !strings.Contains(said, "W4RT 8HNC") {
			t.Errorf("%s:\n%s", name, said)
		}
		again, err := make()
		if err != nil || !bytes.Equal(again, pdf) {
			t.Errorf("%s: not the same bytes twice", name)
		}
	}
}

func TestAPaperWithoutProofBearsNone(t *testing.T) {
	pdf, err := Sheet(keys, Facts{Head: Head{Lang: "hu"}})
	if err != nil {
		t.Fatal(err)
	}
	if dark := picture(t, pdf); dark(margin+width-proofWidth+2, margin+1) {
		t.Error("there is something where the code would be")
	}
}

// Points of a page to millimetres, for pdftotext.
const perMillimetre = 72 / 25.4

// Folded, the envelope shows whom it is for, and not the code.
func TestTheCodeIsNotInTheWindow(t *testing.T) {
	pdf, err := Envelope(keys, letter)
	if err != nil {
		t.Fatal(err)
	}
	third := func(top, height float64) string {
		at := func(mm float64) string { return fmt.Sprint(int(mm * perMillimetre)) }
		return text(t, pdf, "-x", "0", "-W", at(210), "-y", at(top), "-H", at(height))
	}
	outside, inside := third(0, thirdHeight), third(thirdHeight, thirdHeight)
	for _, words := range []string{"Űrhegyi Ödön", "9021 Győr", "Árpád út 7."} {
		if !strings.Contains(third(windowTop, windowHeight), words) {
			t.Errorf("%q is not in the window", words)
		}
	}
	if strings.Contains(outside, "K7PM-") || !strings.Contains(inside, letter.Code) {
		t.Errorf("the code is outside:\n%s\n%s", outside, inside)
	}
}

func TestMinutesSayWhatWasDone(t *testing.T) {
	pdf, err := Minutes(keys, record)
	if err != nil {
		t.Fatal(err)
	}
	said := text(t, pdf)
	for _, want := range []string{"minutes.title", "Űrhegyi Ödön", "az ügyfél kérte", "a kérelem tőlem származik;", "sign.citizen", "sign.clerk"} {
		if !strings.Contains(said, want) {
			t.Errorf("the minutes lack %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, "tax-number") {
		t.Error("what is not known has a row")
	}
}

func TestADigestCoversEveryWordButSecrets(t *testing.T) {
	joined := func(said []string) string { return strings.Join(said, "|") }
	f := Facts{CurrentName: letter.Name, Username: "KisAnna", Email: "a@b.hu", First: "secret"}
	if got := joined(f.Said()); !strings.Contains(got, "Űrhegyi") || !strings.Contains(got, "a@b.hu") || strings.Contains(got, "secret") {
		t.Error(got)
	}
	if got := joined(letter.Said()); !strings.Contains(got, "56AB") || strings.Contains(got, letter.Code) {
		t.Error(got)
	}
	if got := joined(record.Said()); !strings.Contains(got, record.Title) || !strings.Contains(got, "az ügyfél kérte") || !strings.Contains(got, record.Sentences[0]) {
		t.Error(got)
	}
}

// FuzzEnvelope: no name, address or proof keeps an envelope or minutes from being made.
func FuzzEnvelope(f *testing.F) {
	f.Add("Űrhegyi", "9021 Győr\nÁrpád út 7.", "https://kapu.example/paper?p=x", "K7PM 3XQ9 W4RT 8HNC")
	f.Add("𠮷野", "\x00", strings.Repeat("A", 5000), "")
	f.Add("", "", "", "x")
	f.Fuzz(func(t *testing.T, name, address, url, digest string) {
		h := Head{Proof: Proof{url, digest}, Office: address}
		l := Letter{Head: h, Name: identity.Name{Family: name, Given: name}, Address: identity.Address{Settlement: address, Street: name}, Code: name}
		m := Record{Head: h, Title: name, Person: []Line{{"x", address}}, Sentences: []string{name, address}}
		for _, make := range []func() ([]byte, error){func() ([]byte, error) { return Envelope(keys, l) }, func() ([]byte, error) { return Minutes(keys, m) }} {
			if pdf, err := make(); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Fatalf("%v", err)
			}
		}
	})
}
