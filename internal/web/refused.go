package web

import "net/http"

// fault is what is wrong with a service's request.
type fault struct{ Code, Why string }

// ShowFault shows a visitor that the service that sent them here has asked in a way that cannot be answered, and its
// developer why: by the code of its protocol and in English.
func (s *Shell) ShowFault(w http.ResponseWriter, r *http.Request, code, why string) {
	s.pages.Show(w, r, http.StatusBadRequest, "refused", View{Data: fault{code, why}})
}
