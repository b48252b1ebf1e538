package revocation_test

import (
	"os"
	"testing"

	"kapu/internal/web"
)

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}
