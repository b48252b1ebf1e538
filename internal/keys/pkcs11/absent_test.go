//go:build !pkcs11 || !cgo

package pkcs11_test

import (
	"errors"
	"testing"

	"kapu/internal/keys/pkcs11"
)

func TestThisBuildSaysThatItKnowsNoModules(t *testing.T) {
	if m, err := pkcs11.Open(pkcs11.Config{Module: "/lib/any.so", Token: "kapu", PIN: "1234"}); m != nil || !errors.Is(err, pkcs11.ErrNotBuilt) {
		t.Errorf("%v, %v", m, err)
	}
}
