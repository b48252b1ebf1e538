package main

import (
	"flag"
	"os"
	"strings"
	"testing"

	"kapu/internal/law"
	"kapu/internal/statute"
)

var update = flag.Bool("update", false, "write docs/law.md anew")

const lawPage = "../../docs/law.md"

func TestTheLawsPageIsCurrent(t *testing.T) {
	var page strings.Builder
	if err := statute.Markdown(&page, statute.All(law.Default())); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(lawPage, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(lawPage)
	if err != nil || string(kept) != page.String() {
		t.Errorf("docs/law.md is not current (%v); run make generate", err)
	}
}
