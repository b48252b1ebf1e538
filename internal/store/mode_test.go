package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestOthersOnTheMachineCannotReadTheFile(t *testing.T) {
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "kapu.db")
	db, err := store.Open(t.Context(), dsn, store.Options{Ring: storetest.Ring(t), Now: storetest.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files, err := filepath.Glob(strings.TrimPrefix(dsn, "sqlite:") + "*")
	if err != nil || len(files) < 2 { // the file and its log
		t.Fatalf("files: %v, %v", files, err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s: %v", filepath.Base(file), mode)
		}
	}
}
