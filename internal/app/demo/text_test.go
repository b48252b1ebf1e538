package demo

import (
	"os"
	"testing"

	"kapu/internal/web"
)

func TestTextsAreCompleteInBothLanguages(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}
