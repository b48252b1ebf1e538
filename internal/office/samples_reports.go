package office

import (
	"time"

	"kapu/internal/identity"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

// reportSamples are the cases that people opened from notices.
func (x *Room) reportSamples(add addSample) {
	k := desk.Clerk{Account: "clerk"}
	open := desk.Complaint{Office: identity.Office{ID: "o", Name: "Kormányablak, Kisfalud"},
		Report: store.Report{ID: "r", Account: "a", Kind: "signin", Method: "totp", State: store.ReportOpen, Created: sampleTime, Reported: sampleTime.Add(time.Hour)}}
	taken := open
	taken.State, taken.Clerk, taken.Taken = store.ReportTaken, "other", sampleTime.Add(2*time.Hour)
	mine := taken
	mine.Clerk = k.Account
	mine.Holder = desk.Holder{Account: identity.Account{Username: "KisAnna"}, Person: identity.Person{CurrentName: sampleStated().CurrentName}}
	anywhere := open
	anywhere.Office, anywhere.Kind, anywhere.Method = identity.Office{}, "change", ""
	add("reports", "reports", nil, reportsData{Reports: desk.Page[reportData]{Lines: []reportData{reportOf(open, k), reportOf(taken, k), reportOf(mine, k), reportOf(anywhere, k)}}})
	add("reports-none", "reports", nil, reportsData{Done: true})
	add("reportask", "reportask", nil, reportOf(open, k))
	add("reportask-taken", "reportask", nil, reportOf(taken, k))
	choose := web.NewForm(map[string]string{"result": ""})
	add("report", "report", choose, reportOf(mine, k))
	mine.Here = true
	add("report-here", "report", choose, reportOf(mine, k))
	away := web.NewForm(map[string]string{"result": desk.ResultRestored})
	away.Fail("result", "office.report.away")
	away.Fail("words", "office.report.words.missing")
	mine.Here = false
	add("report-away", "report", away, reportOf(mine, k))
	mine.State, mine.Closed = store.ReportClosed, sampleTime.Add(3*time.Hour)
	add("reportclosed", "reportclosed", nil, reportOf(mine, k))
}
