package office

import (
	"errors"
	"net/http"
	"path"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/law"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

const reported = home + "/reports"

// reportRoutes are what people reported from notices: "it was not me".
func (x *Room) reportRoutes() map[string]deskFunc {
	return map[string]deskFunc{
		"GET " + reported:                      x.reports,
		"GET " + reported + "/{report}":        x.showReport,
		"POST " + reported + "/{report}/take":  x.takeReport,
		"GET " + reported + "/{report}/take":   back,
		"POST " + reported + "/{report}/close": x.closeReport,
		"GET " + reported + "/{report}/close":  back,
	}
}

// reportsData is the dot of the list.
type reportsData struct {
	Reports desk.Page[reportData]
	Next    string
	Done    bool // one was just closed
}

// reportData is the dot of a case.
type reportData struct {
	desk.Complaint
	Base string
	Own  bool // this clerk has taken it
}

func reportOf(r desk.Complaint, k desk.Clerk) reportData {
	return reportData{r, reported + "/" + r.ID, r.Mine(k)}
}

// MethodKey is the key of the name of the method that was used.
func (d reportData) MethodKey() string { return catalogue.MethodKey(law.Method(d.Method)) }

// Visit is where its owner is received, and proved.
func (d reportData) Visit() string { return accounts + "/" + d.Account }

func (x *Room) reports(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	list, err := x.Desk.Reports(r.Context(), k, after(r))
	if err != nil {
		return err
	}
	d := reportsData{Reports: desk.Page[reportData]{After: list.After}, Next: nextPage(reported, list.After), Done: r.URL.Query().Has("done")}
	for _, line := range list.Lines {
		d.Reports.Lines = append(d.Reports.Lines, reportOf(line, k))
	}
	x.pages.Show(w, r, http.StatusOK, "reports", web.View{Data: d})
	return nil
}

// showReport shows whose it is to whoever has taken it; to others no more than that
// it waits.
func (x *Room) showReport(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	found, err := x.Desk.Report(r.Context(), k, r.PathValue("report"))
	if err != nil {
		return x.unreported(w, r, err)
	}
	return x.reportPage(w, r, http.StatusOK, k, found, web.NewForm(map[string]string{"result": ""}))
}

func (x *Room) reportPage(w http.ResponseWriter, r *http.Request, status int, k desk.Clerk, found desk.Complaint, f *web.Form) error {
	d, page := reportOf(found, k), "report"
	switch {
	case found.State == store.ReportClosed:
		page = "reportclosed"
	case !d.Own:
		page = "reportask"
	}
	x.pages.Show(w, r, status, page, web.View{Form: f, Data: d})
	return nil
}

// takeReport has this clerk look after it, which its owner will read.
func (x *Room) takeReport(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	if _, err := web.ReadForm(w, r); err != nil {
		return err
	}
	if err := x.Desk.TakeReport(r.Context(), k, r.PathValue("report")); err != nil {
		return x.unreported(w, r, err)
	}
	return web.SeeOther(w, r, path.Dir(r.URL.Path))
}

// closeReport says what came of it.
func (x *Room) closeReport(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "result", Max: longestShort}, web.Field{Name: "words", Max: longestPlace})
	if err != nil {
		return err
	}
	err = x.Desk.CloseReport(r.Context(), k, r.PathValue("report"), f.Value("result"), f.Value("words"))
	if err == nil {
		return web.SeeOther(w, r, reported+"?done")
	}
	var invalid *identity.Invalid
	switch {
	case errors.As(err, &invalid):
		f.Fail(invalid.Field, "office.report."+invalid.Field+".missing")
	case errors.Is(err, desk.ErrAway):
		f.Fail("result", "office.report.away")
	default:
		return x.unreported(w, r, err)
	}
	found, err := x.Desk.Report(r.Context(), k, r.PathValue("report"))
	if err != nil {
		return x.unreported(w, r, err)
	}
	return x.reportPage(w, r, http.StatusUnprocessableEntity, k, found, f)
}

// unreported makes a page of what went wrong with a case.
func (x *Room) unreported(w http.ResponseWriter, r *http.Request, err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	case errors.Is(err, desk.ErrNotOpened), errors.Is(err, store.ErrStale):
		return web.SeeOther(w, r, reported+"/"+r.PathValue("report"))
	}
	return err
}
