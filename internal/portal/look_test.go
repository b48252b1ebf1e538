package portal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/browsertest"
	"kapu/internal/web"
)

// shots names the environment variable with the folder for screenshots of all
// samples; without it only axe looks at them.
const shots = "KAPU_SHOTS"

func TestSamplesLookWell(t *testing.T) {
	browser := browsertest.Start(t)
	w := sqliteWorld(t)
	visitor := browser.Visitor(t)
	for _, s := range w.room.Shell.Samples() {
		if s.Room != "portal" || os.Getenv("KAPU_ONLY") != "" && !strings.Contains(os.Getenv("KAPU_ONLY"), s.Name+",") {
			continue
		}
		for _, lang := range web.Langs {
			for _, size := range [][2]int{{browsertest.DesktopWidth, browsertest.DesktopHeight}, {browsertest.PhoneWidth, browsertest.PhoneHeight}} {
				visitor.Resize(size[0], size[1])
				visitor.Visit(w.server.URL + s.Path() + "?lang=" + string(lang))
				for _, dark := range []bool{false, true} {
					visitor.Dark(dark)
					for _, v := range visitor.Axe() {
						t.Errorf("%s in %s, %d wide, dark %v: %s", s.Name, lang, size[0], dark, v)
					}
					if folder := os.Getenv(shots); folder != "" && (lang == web.Hungarian || !dark) {
						name := s.Name + "-" + string(lang) + map[bool]string{true: "-dark"}[dark] + map[bool]string{true: "-phone"}[size[0] == browsertest.PhoneWidth]
						visitor.Screenshot(filepath.Join(folder, name+".png"), size[0], 0, dark)
					}
				}
			}
		}
	}
}
