package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// source is one list in one Debian package.
type source struct {
	pkg, path string
	licence   string
	read      func([]byte) ([]string, error)
}

var sources = []source{
	{"cracklib-runtime", "usr/share/dict/cracklib-small", "LGPL-2.1 or later", plain},
	{"john-data", "usr/share/john/password.lst", "public domain (assumed by its compiler, Openwall)", plain},
	{"python3-django", "usr/lib/python3/dist-packages/django/contrib/auth/common-passwords.txt.gz", "BSD-3-Clause", gzipped},
	{"python3-zxcvbn", "usr/lib/python3/dist-packages/zxcvbn/frequency_lists.py", "MIT", frequencyLists},
	{"wamerican", "usr/share/dict/american-english", "SCOWL (permissive, public domain)", plain},
	{"hunspell-hu", "usr/share/hunspell/hu_HU.dic", "MPL-2.0, LGPL-3 or GPL-3, or later", hunspell},
}

const sourcesPage = `# Where the list comes from

Made by ` + "`go generate ./internal/method/password/breached`" + `; do not edit.
The filter holds 16-bit fingerprints of folded words, from which the words cannot be had back.

| source (Debian package) | version | words | licence |
|---|---|---|---|
%s

Distinct folded entries: %d
Bytes of common.filter: %d
SHA-256 of common.filter: %x
False positives: 2^-16 a look-up, at most 45 look-ups a password
`

func plain(data []byte) ([]string, error) { return lines(data), nil }

// lines are the words of a file: one a line, comments and possessives left out.
func lines(data []byte) []string {
	var words []string
	for line := range strings.Lines(string(data)) {
		word := strings.TrimSpace(line)
		if word != "" && !strings.HasPrefix(word, "#") && !strings.HasSuffix(word, "'s") {
			words = append(words, word)
		}
	}
	return words
}

func gzipped(data []byte) ([]string, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(r)
	return lines(text), err
}

// One frequency list is one comma-separated Python string; commas never
// belong to a word there.
var frequencyList = regexp.MustCompile(`(?m)^\s+"\w+": "(.*)"`)

func frequencyLists(data []byte) ([]string, error) {
	var words []string
	for _, list := range frequencyList.FindAllSubmatch(data, -1) {
		words = append(words, strings.Split(string(list[1]), ",")...)
	}
	if len(words) == 0 {
		return nil, errors.New("no list found: the package's file has changed its shape")
	}
	return words, nil
}

// hunspell reads a .dic file: a count, then "word/flags<tab>morphology".
func hunspell(data []byte) ([]string, error) {
	_, body, _ := bytes.Cut(data, []byte("\n"))
	words := lines(body)
	for i, word := range words {
		if end := strings.IndexAny(word, "/\t"); end >= 0 {
			words[i] = word[:end]
		}
	}
	return words, nil
}

func sorted(entries map[uint64]bool) []uint64 { return slices.Sorted(maps.Keys(entries)) }
