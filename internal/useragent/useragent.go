// Package useragent owns the coarse reading of what browsers say of themselves
// (RFC 9110, 10.1.5): which browser, which system, what kind of device, in so few
// words that its owner knows it again and nobody else does. It refuses versions,
// models and whatever else tells one of many alike from the next. Browsers may say
// anything: nothing is ever decided by it.
package useragent

import "strings"

// Form is what kind of device it is.
type Form string

// The forms.
const (
	Computer Form = "computer"
	Phone    Form = "phone"
	Tablet   Form = "tablet"
	Other    Form = "" // it does not say
)

// Kind is a kind of browser on a kind of device. Names are proper names, the same
// in every language; "" is what it does not say.
type Kind struct {
	Browser string
	System  string
	Form    Form
}

// mark is a word by which something is known.
type mark struct{ word, name string }

// browsers in the order in which they are looked for: nearly all call themselves
// by the names of those below them, too.
var browsers = []mark{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"}, {"DuckDuckGo/", "DuckDuckGo"},
	{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"HeadlessChrome/", "Chrome"}, {"Chrome/", "Chrome"}, {"Version/", "Safari"},
}

// systems likewise.
var systems = []mark{
	{"iPhone", "iOS"}, {"iPad", "iPadOS"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Macintosh", "macOS"}, {"Linux", "Linux"},
}

// longest is how much of the header is read.
const longest = 512

// Read reads the header User-Agent.
func Read(header string) (k Kind) {
	header = header[:min(len(header), longest)]
	k.Browser, k.System = find(browsers, header), find(systems, header)
	switch {
	case k.System == "iPadOS", k.System == "Android" && !strings.Contains(header, "Mobile"):
		k.Form = Tablet
	case k.System == "iOS", k.System == "Android":
		k.Form = Phone
	case k.System != "":
		k.Form = Computer
	}
	return k
}

func find(marks []mark, header string) string {
	for _, m := range marks {
		if strings.Contains(header, m.word) {
			return m.name
		}
	}
	return ""
}

// Name is the kind in proper names: "Firefox, Windows"; "" for one that says nothing.
func (k Kind) Name() string {
	if k.Browser == "" || k.System == "" {
		return k.Browser + k.System
	}
	return k.Browser + ", " + k.System
}

// String is the kind on one line, for [Parse].
func (k Kind) String() string { return k.Browser + "/" + k.System + "/" + string(k.Form) }

// Parse is the reverse of [Kind.String]; what is no kind is the zero one.
func Parse(s string) Kind {
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		return Kind{}
	}
	return Kind{parts[0], parts[1], Form(parts[2])}
}
