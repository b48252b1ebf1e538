package cosign

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// The example of C2SP tlog-cosignature shows the form; its keys are not told.
const head = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

func signed(t testing.TB) (text, public string) {
	t.Helper()
	private, public, err := NewKey("witness.example/w1")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSigner(private, func() time.Time { return time.Unix(1679315147, 0) })
	if err != nil || s.Key() != public {
		t.Fatal(s, err)
	}
	out, err := note.Sign(&note.Note{Text: head}, s)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), public
}

func TestAWitnessSignsAndIsKnown(t *testing.T) {
	text, public := signed(t)
	v, err := NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(text), note.VerifierList(v))
	if err != nil || len(n.Sigs) != 1 || n.Text != head {
		t.Fatalf("%+v, %v", n, err)
	}
	if at := At(n.Sigs[0]); !at.Equal(time.Unix(1679315147, 0)) {
		t.Errorf("signed at %v", at)
	}
}

// The specification fixes what is signed: a header, the moment, the whole text.
func TestTheMessageIsThatOfTheSpecification(t *testing.T) {
	if got, want := string(message(1679315147, []byte(head))), "cosignature/v1\ntime 1679315147\n"+head; got != want {
		t.Errorf("%q", got)
	}
}

// The name and hash of the specification's example witness belong together only
// under the algorithm's own byte: a key made for notes is not one for witnesses.
func TestAKeyForNotesIsNoneForWitnesses(t *testing.T) {
	_, public, err := note.GenerateKey(strings.NewReader(strings.Repeat("k", 64)), "witness.example/w1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewVerifier(public); err == nil {
		t.Error("a key for signing notes was taken")
	}
}

func TestNoByteOfACosignatureMayChange(t *testing.T) {
	text, public := signed(t)
	v, _ := NewVerifier(public)
	line := strings.Index(text, "— ")
	for i := range len(text) {
		forged := []byte(text)
		forged[i] ^= 1
		n, err := note.Open(forged, note.VerifierList(v))
		if i >= line && err == nil && strings.HasSuffix(text[:i+1], "=\n") {
			continue // the last byte is the end of the line
		}
		if err == nil {
			t.Errorf("byte %d: %q is taken: %+v", i, forged[i], n)
		}
	}
}

func TestKeysThatAreNone(t *testing.T) {
	_, public := signed(t)
	for _, k := range []string{"", "x", public[1:], public + "x", strings.Replace(public, "+", "-", 1), strings.ToUpper(public), "PRIVATE+KEY+" + public} {
		if _, err := NewVerifier(k); err == nil {
			t.Errorf("%q is taken for a key", k)
		}
	}
	for _, k := range []string{"", public, "PRIVATE+KEY+", "PRIVATE+KEY+" + public} {
		if _, err := NewSigner(k, time.Now); err == nil {
			t.Errorf("%q is taken for a private key", k)
		}
	}
	for _, name := range []string{"", "a b", "a+b", "a\nb"} {
		if _, _, err := NewKey(name); err == nil {
			t.Errorf("%q is taken for a name", name)
		}
	}
}

// FuzzVerifier: whatever is read as a key is written the same way again.
func FuzzVerifier(f *testing.F) {
	_, public := signed(f)
	f.Add(public)
	f.Add("w+00000000+BA==")
	f.Add("+++")
	f.Fuzz(func(t *testing.T, encoded string) {
		if v, err := NewVerifier(encoded); err == nil && !strings.EqualFold(v.Key(), encoded) {
			t.Fatalf("%q was read as %q", encoded, v.Key())
		}
	})
}

// FuzzCosignature: no other text and no other signature than the witness's own is
// taken, and none of any length breaks anything.
func FuzzCosignature(f *testing.F) {
	text, public := signed(f)
	v, _ := NewVerifier(public)
	f.Add(text)
	f.Add(strings.Replace(text, "20852163", "20852164", 1))
	f.Add("\n\n— witness.example/w1 AAAAAAAA\n")
	f.Fuzz(func(t *testing.T, forged string) {
		n, err := note.Open([]byte(forged), note.VerifierList(v))
		if err == nil && n.Text != head {
			t.Fatalf("forged: %q", forged)
		}
		if err == nil {
			_ = At(n.Sigs[0])
		}
	})
}
