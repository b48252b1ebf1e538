// Command render makes the sound of ../prompts.tsv with espeak-ng and sox, in
// ../sound:
//
//	make prompts
//
// The same versions of the programs write the same bytes. With -check it writes
// nothing and fails if the bytes would be others; where the versions are others
// it says so, and there is nothing to compare.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"kapu/internal/telephone/prompt"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("prompts: ")
	out := flag.String("out", "internal/telephone/prompt/sound", "folder to write into")
	check := flag.Bool("check", false, "only compare what is there")
	flag.Parse()
	var err error
	if *check {
		err = compare()
	} else {
		err = write(*out)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// sound is a prompt in a language, rendered.
type sound struct {
	prompt.Prompt
	lang prompt.Lang
	data []byte
}

func (s sound) file(dir string) string {
	return filepath.Join(dir, string(s.lang), string(s.ID)+".al.gz")
}

func write(dir string) error {
	sounds, err := renderAll()
	if err != nil {
		return err
	}
	programs, err := versions()
	if err != nil {
		return err
	}
	record, size := prompt.Digests{Programs: programs}, 0
	for _, lang := range prompt.Langs() {
		if err := os.RemoveAll(filepath.Join(dir, string(lang))); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(dir, string(lang)), 0o755); err != nil {
			return err
		}
	}
	for _, s := range sounds {
		record.Note(s.lang, s.Prompt, s.data)
		packed := pack(s.data)
		size += len(packed)
		if err := os.WriteFile(s.file(dir), packed, 0o644); err != nil {
			return err
		}
	}
	log.Printf("%d sounds, %d kB, by %s", len(sounds), size/1000, programs)
	return os.WriteFile(filepath.Join(dir, "DIGESTS"), []byte(record.Write()), 0o644)
}

func compare() error {
	programs, err := versions()
	if err != nil {
		return err
	}
	if made := prompt.Rendered().Programs; made != programs {
		log.Printf("made by %s; here is %s: other bytes, so they are not compared", made, programs)
		return nil
	}
	sounds, err := renderAll()
	if err != nil {
		return err
	}
	for _, s := range sounds {
		if !bytes.Equal(prompt.Sound(s.lang, s.ID), s.data) {
			return fmt.Errorf("%s %s is not what its text gives: run make prompts and commit the result", s.lang, s.ID)
		}
	}
	return nil
}

// pack makes a third less of it; packing is not speech, so nothing is compared
// before it is unpacked.
func pack(data []byte) []byte {
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is one
	_, _ = w.Write(data)                                       // a Buffer takes everything
	_ = w.Close()
	return packed.Bytes()
}

// versions are those of the programs, in one line.
func versions() (string, error) {
	var all []string
	for _, program := range []string{"espeak-ng", "sox"} {
		text, err := exec.Command(program, "--version").Output()
		if err != nil {
			return "", fmt.Errorf("%s is missing, and brought by make setup: %w", program, err)
		}
		version, _, _ := strings.Cut(strings.TrimSpace(string(text)), "  Data at")
		all = append(all, strings.TrimSpace(version))
	}
	return strings.Join(all, "; "), nil
}

func renderAll() ([]sound, error) {
	var sounds []sound
	for _, p := range prompt.List() {
		for _, lang := range prompt.Langs() {
			if p.Text[lang] != "" {
				sounds = append(sounds, sound{Prompt: p, lang: lang})
			}
		}
	}
	var at sync.WaitGroup
	turn, faults := make(chan struct{}, runtime.NumCPU()), make([]error, len(sounds))
	for i := range sounds {
		turn <- struct{}{}
		at.Go(func() {
			sounds[i].data, faults[i] = render(sounds[i].lang, sounds[i].Text[sounds[i].lang])
			<-turn
		})
	}
	at.Wait()
	return sounds, errors.Join(faults...)
}

// render speaks a text.
func render(lang prompt.Lang, text string) ([]byte, error) {
	speech, err := run(nil, "espeak-ng", append(prompt.Voice(lang), "--stdout", prompt.Spoken(lang, text))...)
	if err != nil {
		return nil, err
	}
	args := []string{"-D", "-t", "wav", "--ignore-length", "-", "-t", "al", "-r", "8000", "-c", "1", "-"}
	return run(speech, "sox", append(args, prompt.Shape(prompt.Pause(text))...)...)
}

func run(in []byte, name string, args ...string) ([]byte, error) {
	command := exec.Command(name, args...)
	command.Stdin = bytes.NewReader(in)
	var complaint bytes.Buffer
	command.Stderr = &complaint
	out, err := command.Output()
	if err == nil && len(out) == 0 {
		err = errors.New("no sound")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", name, err, complaint.String())
	}
	return out, nil
}
