package useragent

import (
	"slices"
	"testing"
)

func TestKindsAreKnownAgain(t *testing.T) {
	for header, want := range map[string]Kind{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                           {"Firefox", "Windows", Computer},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":              {"Edge", "Windows", Computer},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                      {"Safari", "macOS", Computer},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1":    {"Safari", "iOS", Phone},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1": {"Chrome", "iOS", Phone},
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":                            {"Chrome", "Android", Phone},
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Safari/537.36":               {"Samsung Internet", "Android", Tablet},
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36":                              {"Chrome", "Linux", Computer},
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/120.0":                   {"Opera", "ChromeOS", Computer},
		"curl/8.5.0":         {},
		"Go-http-client/1.1": {},
		"":                   {},
	} {
		if got := Read(header); got != want {
			t.Errorf("%s\n is %+v, not %+v", header, got, want)
		}
	}
}

// What a browser says goes nowhere: whatever is kept is one of our own words.
func FuzzNothingOfTheHeaderIsKept(f *testing.F) {
	f.Add("Mozilla/5.0 (Windows NT 10.0) Firefox/140.0 <script>/")
	f.Fuzz(func(t *testing.T, header string) {
		k := Read(header)
		known := func(marks []mark, name string) bool {
			return name == "" || slices.ContainsFunc(marks, func(m mark) bool { return m.name == name })
		}
		if !known(browsers, k.Browser) || !known(systems, k.System) {
			t.Errorf("%q was read as %+v", header, k)
		}
		if Parse(k.String()) != k {
			t.Errorf("%+v does not come back from %q", k, k)
		}
	})
}
