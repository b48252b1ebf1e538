package web

import (
	"net/http"
	"net/url"
	"strings"
)

const contentPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const (
	transportPolicy   = "max-age=63072000; includeSubDomains" // two years
	permissionsPolicy = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), " +
		"publickey-credentials-get=(self), publickey-credentials-create=(self)"
)

// setHeaders is the same for every answer; a page may widen one of them with [AllowFormAction] or [AllowFrame].
// The referrer policy is same-origin: with no-referrer browsers send "Origin: null" on our own forms (Fetch, 3.2),
// and those without Sec-Fetch-Site, older phones, could then post nothing. Nothing of ours reaches others either way.
func (s *Shell) setHeaders(h http.Header) {
	for _, one := range everyAnswer {
		h[one.name] = one.line
	}
	if s.secure {
		h["Strict-Transport-Security"] = transportLine
	}
}

// header is a header whose value all answers share; who sets another value replaces it, and changes nobody else's.
type header struct {
	name string
	line []string
}

var everyAnswer = []header{
	{"Content-Security-Policy", []string{contentPolicy}},
	{"Permissions-Policy", []string{permissionsPolicy}},
	{"X-Frame-Options", []string{"DENY"}},
	{"Referrer-Policy", []string{"same-origin"}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Cache-Control", []string{"no-store"}}, // what may be kept says so itself
}

var transportLine = []string{transportPolicy}

// onlyForPages is how many of them, from the first, mean nothing but for a page.
const onlyForPages = 4

// NoPage leaves out of an answer to a machine what only a page needs.
func NoPage(h http.Header) {
	for _, one := range everyAnswer[:onlyForPages] {
		delete(h, one.name)
	}
}

// AllowFormAction lets the forms of this one page lead, by redirect or directly, to the origin of rawURL as well
// (Content Security Policy 3, 6.4.1). An app's own scheme is allowed as a scheme. It reports whether rawURL has
// an origin; if not, nothing changes.
func AllowFormAction(w http.ResponseWriter, rawURL string) bool {
	source, ok := sourceOf(rawURL)
	if !ok {
		return false
	}
	const ours = "form-action 'self'"
	policy := w.Header().Get("Content-Security-Policy")
	w.Header().Set("Content-Security-Policy", strings.Replace(policy, ours, ours+" "+source, 1))
	return true
}

// AllowFrame lets this one page hold frames with pages of the origin of rawURL (Content Security Policy 3, 6.1.5). It
// reports whether rawURL is a web address; if not, nothing changes.
func AllowFrame(w http.ResponseWriter, rawURL string) bool {
	source, ok := sourceOf(rawURL)
	if !ok || !isWeb(source) {
		return false
	}
	const directive = "; frame-src" // at the end of the policy, so that more can follow
	policy := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, directive) {
		policy += directive
	}
	w.Header().Set("Content-Security-Policy", policy+" "+source)
	return true
}

// isWeb tells whether a source is one of the web, and not an app's own scheme.
func isWeb(source string) bool { return strings.Contains(source, "://") }

// sourceOf is the CSP source of a URL: scheme://host[:port], or scheme: for a scheme of an app's own.
func sourceOf(rawURL string) (string, bool) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme == "" || strings.ContainsAny(u.Host, " ;,'\"*") {
		return "", false
	}
	switch u.Scheme {
	case "https", "http":
		if u.Scheme == "http" && u.Host == "127.0.0.1" {
			return u.Scheme + "://" + u.Host + ":*", true // an app on the visitor's own machine takes any port it gets (RFC 8252, 7.3)
		}
		return u.Scheme + "://" + u.Host, u.Host != ""
	case "javascript", "data", "blob", "file", "filesystem", "about":
		return "", false
	}
	return u.Scheme + ":", true
}
