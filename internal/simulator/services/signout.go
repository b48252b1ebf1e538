package services

import (
	"net/http"
	"net/url"
)

// signOut ends the session here and, unless the visitor wants it here only, asks
// the gateway to end its own (RP-Initiated Logout 1.0; SAML Profiles, 4.4).
func (s *Service) signOut(w http.ResponseWriter, r *http.Request) {
	token := s.cookie(r, s.sessionCookie())
	was, ok := s.sessions.of(token, s.Now())
	s.sessions.end(token)
	s.setCookie(w, s.sessionCookie(), "", -1)
	to := goodbyePath
	if ok && r.PostFormValue("where") != "here" {
		if address := s.endSession(r, was); address != "" {
			to = address
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// endSession is the address at the gateway that ends the session; "" when the
// gateway does not answer.
func (s *Service) endSession(r *http.Request, was session) string {
	if s.saml != nil {
		return s.leave(r.Context(), was)
	}
	gateway, err := s.gateway(r.Context())
	if err != nil {
		return ""
	}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if gateway.Claims(&more) != nil || more.EndSession == "" {
		return ""
	}
	return more.EndSession + "?" + url.Values{
		"id_token_hint":            {was.IDToken},
		"post_logout_redirect_uri": {s.URL + goodbyePath},
		"ui_locales":               {s.speaks(r)},
	}.Encode()
}
