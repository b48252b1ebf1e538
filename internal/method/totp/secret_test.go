package totp

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecretText(t *testing.T) {
	const want = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
	if got := rfc.Text(); got != want {
		t.Errorf("Text = %q", got)
	}
	for _, text := range []string{want, strings.ToLower(want), strings.ReplaceAll(want, " ", ""), strings.ReplaceAll(want, " ", "-")} {
		if s, err := ParseSecret(text); err != nil || s != rfc {
			t.Errorf("ParseSecret(%q): %v", text, err)
		}
	}
	for _, text := range []string{"", "GEZD", "0189 0189", want + " GEZD"} {
		if _, err := ParseSecret(text); !errors.Is(err, ErrSecret) {
			t.Errorf("ParseSecret(%q): %v", text, err)
		}
	}
	if first := NewSecret(); first == NewSecret() {
		t.Error("two drawn secrets are equal")
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	code := NewRemovalCode()
	for _, verb := range []string{"%v", "%s", "%+v", "%#v"} {
		text := fmt.Sprintf(verb+verb, rfc, code)
		if text != "[totp secret][removal code]" {
			t.Errorf("%s prints %q", verb, text)
		}
	}
}

func TestURI(t *testing.T) {
	got := URI(rfc, "Ügyfélkapu+ & Co:", "Őz:Anna/1", six)
	u, err := url.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Ügyfélkapu+ & Co:ŐzAnna/1" {
		t.Errorf("label %q in %q", u.Path, got)
	}
	for key, want := range map[string]string{
		"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "issuer": "Ügyfélkapu+ & Co",
		"algorithm": "SHA1", "digits": "6", "period": "30",
	} {
		if value := u.Query().Get(key); value != want {
			t.Errorf("%s = %q, want %q", key, value, want)
		}
	}
	if strings.ContainsAny(got, " +") || strings.Count(got, "/") != 3 {
		t.Errorf("a blank, plus or slash is not escaped in %q", got)
	}
}

func TestQRSVG(t *testing.T) {
	uri := URI(rfc, "Ügyfélkapu+", "KisAnna", six)
	svg, err := QRSVG(uri, `A "kód" <képe>`)
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Title string `xml:"title"`
	}
	if err := xml.Unmarshal([]byte(svg), &parsed); err != nil {
		t.Fatal(err)
	}
	if parsed.Title != `A "kód" <képe>` {
		t.Errorf("title %q", parsed.Title)
	}
	text := string(svg)
	for _, want := range []string{`role="img"`, `shape-rendering="crispEdges"`, `d="M4 4h7v1h-7z`} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %s", want)
		}
	}
	if strings.Contains(text, "style=") || strings.Contains(text, "<script") {
		t.Error("breaks the content security policy")
	}
	if _, err := QRSVG(strings.Repeat("x", 5000), ""); err == nil {
		t.Error("a text too long for a QR code was drawn")
	}
}

func TestQRIsReadByOthers(t *testing.T) {
	for _, tool := range []string{"rsvg-convert", "zbarimg"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s (apt-get install librsvg2-bin zbar-tools) is not installed", tool)
		}
	}
	uri := URI(rfc, "Ügyfélkapu+", "KisAnna", six)
	svg, err := QRSVG(uri, "")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	drawing, picture := filepath.Join(dir, "qr.svg"), filepath.Join(dir, "qr.png")
	if err := os.WriteFile(drawing, []byte(svg), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("rsvg-convert", "-w", "400", "-o", picture, drawing).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.Command("zbarimg", "-q", "--raw", picture).Output()
	if err != nil || strings.TrimSpace(string(out)) != uri {
		t.Errorf("zbarimg reads %q, %v", out, err)
	}
}
