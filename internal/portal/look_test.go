package portal

import (
	"os"
	"path/filepath"
	"testing"

	"kapu/internal/browsertest"
	"kapu/internal/web"
)

// shots names the environment variable with the folder for screenshots.
const shots = "KAPU_SHOTS"

// TestScreenshots makes a picture of every sample in both languages, on desktop
// and phone, light and dark, and has axe look at each: the gallery's own test
// looks at them in light only.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv(shots)
	if folder == "" {
		t.Skipf("%s is not set: no folder for screenshots", shots)
	}
	visitor, w := browsertest.Start(t).Visitor(t), sqliteWorld(t)
	for _, s := range w.room.Shell.Samples() {
		if s.Room != "portal" {
			continue
		}
		for _, lang := range web.Langs {
			visitor.Visit(w.server.URL + s.Path() + "?lang=" + string(lang))
			for look, size := range map[string][2]int{
				"": {browsertest.DesktopWidth, browsertest.DesktopHeight}, "-phone": {browsertest.PhoneWidth, browsertest.PhoneHeight},
			} {
				for scheme, dark := range map[string]bool{"": false, "-dark": true} {
					visitor.Resize(size[0], size[1])
					visitor.Dark(dark)
					for _, v := range visitor.Axe() {
						t.Errorf("%s in %s%s%s: %s", s.Name, lang, look, scheme, v)
					}
					visitor.Screenshot(filepath.Join(folder, s.Name+"-"+string(lang)+look+scheme+".png"), size[0], 0, dark)
				}
			}
		}
	}
}
