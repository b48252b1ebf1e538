package paper

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/internal/identity"
)

func keys(key string, _ ...any) string { return key }

func TestPapersAreMadeSideBySide(t *testing.T) {
	facts := Facts{Head: Head{Lang: "hu", Office: "Győr", Made: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, CurrentName: identity.Name{Family: "Űrhegyi", Given: "Ödön"}}
	want, err := Sheet(keys, facts)
	if err != nil {
		t.Fatal(err)
	}
	var desks sync.WaitGroup
	for range 4 {
		desks.Go(func() {
			if got, err := Sheet(keys, facts); err != nil || !bytes.Equal(got, want) {
				t.Errorf("another paper: %v", err)
			}
		})
	}
	desks.Wait()
}

// FuzzSheet: no name, in whatever letters, keeps a paper from being made.
func FuzzSheet(f *testing.F) {
	f.Add("Űrhegyi", "Ödön")
	f.Add("𠮷野", "家\x00\u0301")
	f.Add(strings.Repeat("Ő", 500), strings.Repeat("a ", 300))
	f.Fuzz(func(t *testing.T, family, given string) {
		facts := Facts{Head: Head{Lang: "hu"}, CurrentName: identity.Name{Family: family, Given: given}, Username: given, Trace: family}
		for _, make := range []func(Words, Facts) ([]byte, error){Sheet, Declaration} {
			pdf, err := make(keys, facts)
			if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Fatalf("%v", err)
			}
		}
	})
}
