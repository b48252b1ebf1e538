package office

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/identity"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

// homeData is the dot of the desk's first page.
type homeData struct {
	Cases desk.Page[registration.Case]
	Found bool // the list is the result of a search
	Next  string
}

func (x *Room) home(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	cases, err := x.Desk.OpenCases(r.Context(), k, identity.Name{}, after(r))
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "home", web.View{Data: homeData{Cases: cases, Next: nextPage(home, cases.After)}})
	return nil
}

// longestID is the length of an id in an address (RFC 9562, 4).
const longestID = 36

// after is the last line of the page before; ids name nobody.
func after(r *http.Request) string {
	if id := r.URL.Query().Get("after"); len(id) <= longestID {
		return id
	}
	return ""
}

func nextPage(base, after string) string {
	if after == "" {
		return ""
	}
	return base + "?after=" + after
}

// findCases searches the office's open cases by birth name. The name travels in
// the body, never in an address.
func (x *Room) findCases(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "family", Max: longestName}, web.Field{Name: "given", Max: longestName})
	if err != nil {
		return err
	}
	name, err := identity.ParseName("birth-name", f.Value("family"), f.Value("given"))
	refuse(f, "family", err)
	d := homeData{Found: f.OK()}
	if d.Found {
		if d.Cases, err = x.Desk.FindCases(r.Context(), k, name); err != nil {
			return err
		}
	}
	x.pages.Show(w, r, statusOf(f), "home", web.View{Form: f, Data: d})
	return nil
}

func statusOf(f *web.Form) int {
	if f.OK() {
		return http.StatusOK
	}
	return http.StatusUnprocessableEntity
}

// accountsData is the dot of the list of accounts.
type accountsData struct {
	Accounts desk.Page[identity.Account]
	Found    bool
	Next     string // address of the next page of the list
}

// accounts lists what this office registered, newest first.
func (x *Room) accounts(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	list, err := x.Desk.SearchAccounts(r.Context(), k, store.AccountSearch{Office: k.Office, After: after(r)})
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "accounts", web.View{Data: accountsData{Accounts: list, Next: nextPage(accounts, list.After)}})
	return nil
}

var searchFields = []web.Field{{Name: "username", Max: longestPlace}, {Name: "email", Max: longestEmail},
	{Name: "family", Max: longestName}, {Name: "given", Max: longestName}, {Name: "born", Max: longestShort}}

// search finds accounts anywhere by what the citizen says of themselves, whole:
// names are kept as blind indexes, so there is nothing to look through.
func (x *Room) search(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, searchFields...)
	if err != nil {
		return err
	}
	s, d := readSearch(f), accountsData{Found: true}
	if f.OK() {
		if d.Accounts, err = x.Desk.SearchAccounts(r.Context(), k, s); err != nil {
			return err
		}
	}
	d.Found = f.OK()
	x.pages.Show(w, r, statusOf(f), "accounts", web.View{Form: f, Data: d})
	return nil
}

func readSearch(f *web.Form) (s store.AccountSearch) {
	var err error
	if v := f.Value("username"); v != "" {
		s.Username, err = identity.ParseUsername(v)
		refuse(f, "username", err)
	}
	if v := f.Value("email"); v != "" {
		s.Email, err = identity.ParseEmail(v)
		refuse(f, "email", err)
	}
	if f.Value("family")+f.Value("given")+f.Value("born") != "" {
		s.BirthName, err = identity.ParseName("birth-name", f.Value("family"), f.Value("given"))
		refuse(f, "family", err)
		s.BirthDate = registration.ReadDate(f, "born", refusals(f))
	}
	if f.OK() && len(desk.Searched(s)) == 0 {
		f.Fail("username", "office.accounts.nothing")
	}
	return s
}

// reasons for opening an account, as radio buttons; "other" wants words.
var reasons = []string{"presence", "phone", "letter", "error", "other"}

// reasonData is the dot of the page that asks why.
type reasonData struct {
	Account string
	Reasons []string
}

func (x *Room) reasonPage(w http.ResponseWriter, r *http.Request, status int, f *web.Form) error {
	x.pages.Show(w, r, status, "reason", web.View{Form: f, Data: reasonData{r.PathValue("account"), reasons}})
	return nil
}

// holderData is the dot of an opened account.
type holderData struct {
	desk.Opened
	Base    string
	Until   time.Time // of a pending account: it must be activated by then
	Address string
}

// lookUp opens an account once the clerk has said why. Nothing of it is shown,
// not even whether it exists, before the reason is in the ledger. If its owner is
// here, that begins a visit.
func (x *Room) lookUp(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "reason", Max: longestShort}, web.Field{Name: "words", Max: longestPlace})
	if err != nil {
		return err
	}
	why := readWhy(f, reasons)
	if !f.OK() {
		return x.reasonPage(w, r, http.StatusUnprocessableEntity, f)
	}
	if why == desk.VisitReason {
		if err := x.Desk.Receive(r.Context(), k, r.PathValue("account"), f.Value("words")); err != nil {
			return x.awry(w, r, err)
		}
		return web.SeeOther(w, r, accountOf(r))
	}
	o, err := x.Desk.LookInto(r.Context(), k, r.PathValue("account"), why, f.Value("words"))
	if err != nil {
		return x.awry(w, r, err)
	}
	return x.holderPage(w, r, o)
}

// readWhy is one of the listed reasons; "other" needs words beside it.
func readWhy(f *web.Form, listed []string) string {
	why := f.Value("reason")
	switch {
	case !slices.Contains(listed, why):
		f.Fail("reason", "office.reason.missing")
	case why == "other" && f.Value("words") == "":
		f.Fail("words", "office.reason.words.missing")
	}
	return why
}

func (x *Room) holderPage(w http.ResponseWriter, r *http.Request, o desk.Opened) error {
	d := holderData{Opened: o, Base: accounts + "/" + o.Account.ID, Until: x.Desk.Activation.Deadline(o.Account.Created), Address: addressLine(o.Person.Address)}
	x.pages.Show(w, r, http.StatusOK, "holder", web.View{Data: d})
	return nil
}

// resend mails a new activation code.
func (x *Room) resend(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	if _, err := web.ReadForm(w, r); err != nil {
		return err
	}
	result, err := x.Desk.Resend(r.Context(), k, r.PathValue("account"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	case errors.Is(err, registration.ErrNotPending), errors.Is(err, registration.ErrLapsed):
		return &web.Problem{Status: http.StatusConflict, Code: "not-pending", Key: "office.late"}
	case err != nil:
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "resent", web.View{Data: result})
	return nil
}
