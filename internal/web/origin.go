package web

import (
	"errors"
	"net/http"
	"strings"
)

// guarded refuses requests that another site made a visitor's browser send. http.CrossOriginProtection judges by
// Sec-Fetch-Site and Origin and lets a request with neither through, as it is no browser's; but a form with our
// cookies and neither header is no machine's either, so that is refused too. MachinePaths are exempt.
func (s *Shell) guarded(h http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.forMachines(r.URL.Path) {
			err := protection.Check(r)
			if err == nil && anonymousForm(r) {
				err = errors.New("a form with cookies and neither Origin nor Sec-Fetch-Site")
			}
			if err != nil {
				s.ShowError(w, r, crossOrigin(err))
				return
			}
		}
		h.ServeHTTP(w, r)
	})
}

// forMachines says whether a path lies under an exempt prefix; "/saml/sso" covers "/saml/sso/x", not "/saml/ssox".
func (s *Shell) forMachines(path string) bool {
	for _, prefix := range s.machine {
		if path == prefix || strings.HasPrefix(path, strings.TrimSuffix(prefix, "/")+"/") {
			return true
		}
	}
	return false
}

func anonymousForm(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	}
	return len(r.Header["Cookie"]) > 0 && r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == ""
}
