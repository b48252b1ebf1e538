// Command build makes ../common.filter and ../SOURCES.md of Debian's word and
// password lists and of ../hungarian.txt:
//
//	go generate ./internal/method/password/breached
//
// It fetches the packages with apt-get (no root needed; package lists must be
// current) and writes the same bytes for the same versions.
package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/FastFilter/xorfilter"

	"kapu/internal/method/password/breached"
)

func main() {
	log.SetFlags(0)
	out := flag.String("out", "internal/method/password/breached", "folder of hungarian.txt, to write into")
	flag.Parse()
	if _, err := os.Stat("hungarian.txt"); err == nil {
		*out = "." // go generate runs in that folder
	}
	if err := build(*out); err != nil {
		log.Fatal("breached/build: ", err)
	}
}

func build(out string) error {
	temp, err := os.MkdirTemp("", "breached")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	var report bytes.Buffer
	entries := map[uint64]bool{}
	for _, s := range sources {
		if err := s.add(temp, entries, &report); err != nil {
			return fmt.Errorf("%s: %w", s.pkg, err)
		}
	}
	own, err := os.ReadFile(filepath.Join(out, "hungarian.txt"))
	if err != nil {
		return err
	}
	words := lines(own)
	addAll(entries, words)
	fmt.Fprintf(&report, "| hungarian.txt | this repository | %d | Apache-2.0, written for this project |\n", len(words))
	return write(out, entries, report.String())
}

func addAll(entries map[uint64]bool, words []string) {
	for _, word := range words {
		for _, folded := range breached.Entries(word) {
			entries[breached.Key(folded)] = true
		}
	}
}

// add fetches one package, unpacks it and adds its words.
func (s source) add(temp string, entries map[uint64]bool, report *bytes.Buffer) error {
	fetch := exec.Command("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", s.pkg)
	fetch.Dir = temp
	if msg, err := fetch.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get download: %w: %s", err, msg)
	}
	found, _ := filepath.Glob(filepath.Join(temp, s.pkg+"_*.deb"))
	if len(found) != 1 {
		return fmt.Errorf("%d package files", len(found))
	}
	if err := exec.Command("dpkg-deb", "-x", found[0], filepath.Join(temp, s.pkg)).Run(); err != nil {
		return fmt.Errorf("dpkg-deb -x: %w", err)
	}
	version, err := exec.Command("dpkg-deb", "-f", found[0], "Version").Output()
	if err != nil {
		return fmt.Errorf("dpkg-deb -f: %w", err)
	}
	data, err := os.ReadFile(filepath.Join(temp, s.pkg, s.path))
	if err != nil {
		return err
	}
	words, err := s.read(data)
	if err != nil {
		return err
	}
	addAll(entries, words)
	fmt.Fprintf(report, "| %s | %s | %d | %s |\n", s.pkg, bytes.TrimSpace(version), len(words), s.licence)
	return nil
}

func write(out string, entries map[uint64]bool, table string) error {
	filter, err := xorfilter.NewBinaryFuse[uint16](sorted(entries))
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := filter.Save(&file); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "common.filter"), file.Bytes(), 0o644); err != nil {
		return err
	}
	text := fmt.Sprintf(sourcesPage, strings.TrimSpace(table), len(entries), file.Len(), sha256.Sum256(file.Bytes()))
	return os.WriteFile(filepath.Join(out, "SOURCES.md"), []byte(text), 0o644)
}
