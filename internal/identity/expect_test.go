package identity_test

import (
	"errors"
	"strings"
	"testing"

	"kapu/internal/identity"
)

// expect checks what a parser made of an input: the wanted value, or a refusal with the wanted reason.
func expect(t *testing.T, input, got string, err error, want, reason string) {
	t.Helper()
	if reason == "" {
		if err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", input, got, err, want)
		}
		return
	}
	var invalid *identity.Invalid
	if !errors.As(err, &invalid) || invalid.Reason != reason || invalid.Field == "" {
		t.Errorf("%q: got %q, %v; want refused as %s", input, got, err, reason)
	}
	if got != "" {
		t.Errorf("%q: refused, yet gave %q", input, got)
	}
	if err != nil && len(input) > 3 && strings.Contains(err.Error(), input) {
		t.Errorf("the error repeats the refused value: %v", err)
	}
}
