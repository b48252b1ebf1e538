package revocation

import (
	"errors"
	"net/http"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

const (
	reportPurpose = "report" // of the digests of tokens in links that report
	reportedPath  = Path + "/reported"

	aboutChange = "change" // what a case is about that was opened by shutting an account
)

// Report makes the link of a notice, by which its receiver says that what it tells
// of was not them, and by which method it was done. Each notice has a link of its
// own, good once. The token in it names itself and nobody.
func (x *Room) Report(tx *store.Tx, a identity.Account, kind string, m law.Method) (link string, until time.Time, err error) {
	id, until := store.NewID(), tx.Now.Add(x.Broker.Law.NoticeLinkLife(tx.Now))
	token := x.Broker.Ring.Digest(reportPurpose+"/token", id)
	return x.Issuer + Path + "?c=" + token, until, tx.AddReport(store.Report{
		ID: id, Account: a.ID, Person: a.PersonID, Office: a.Office, Kind: kind, Method: string(m),
		Digest: x.Broker.Ring.Digest(reportPurpose, token), State: store.ReportSent, Expires: until,
	})
}

// openCase lays before the desk what was reported by shutting the account.
func (x *Room) openCase(tx *store.Tx, a identity.Account, kind string) error {
	id := store.NewID()
	err := tx.AddReport(store.Report{ID: id, Account: a.ID, Person: a.PersonID, Office: a.Office, Kind: kind, State: store.ReportOpen, Expires: tx.Now, Reported: tx.Now})
	if err != nil {
		return err
	}
	_, err = x.Broker.Ledger.Append(tx, a.PersonID, ledger.Disowned{Report: id, What: kind, Account: a.ID})
	return err
}

// notice is that of the link, if nobody has used it and its time is not over; else
// store.ErrNotFound.
func (x *Room) notice(tx *store.Tx, r *http.Request) (store.Report, error) {
	found, err := tx.ReportByDigest(x.Broker.Ring.Digest(reportPurpose, r.URL.Query().Get("c")))
	if err == nil && (found.State != store.ReportSent || !tx.Now.Before(found.Expires)) {
		err = store.ErrNotFound
	}
	return found, err
}

// reportData is the dot of the page that asks.
type reportData struct {
	Kind      string
	Method    law.Method
	At, Until time.Time
}

// MethodKey is the key of the method's name.
func (d reportData) MethodKey() string { return catalogue.MethodKey(d.Method) }

// askReport shows what saying so does, and asks whether it shall be.
func (x *Room) askReport(w http.ResponseWriter, r *http.Request) error {
	var found store.Report
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		found, err = x.notice(tx, r)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return x.showGone(w, r)
	}
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "disown", web.View{Data: reportOf(found)})
	return nil
}

func reportOf(r store.Report) reportData {
	return reportData{Kind: r.Kind, Method: law.Method(r.Method), At: r.Created, Until: r.Expires}
}

// takeReport does what the page has asked for.
func (x *Room) takeReport(w http.ResponseWriter, r *http.Request) error {
	err := x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error {
		found, err := x.notice(tx, r)
		if err != nil {
			return err
		}
		return x.disown(tx, found)
	})
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrStale) {
		return x.showGone(w, r)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, reportedPath)
}

// disown opens the desk's case, forbids the method, locks the identity and ends all
// sessions, in one transaction; then tells every address that it is so.
func (x *Room) disown(tx *store.Tx, found store.Report) error {
	if err := tx.OpenReport(found.ID); err != nil {
		return err
	}
	method := law.Method(found.Method)
	if _, err := x.Broker.Ledger.Append(tx, found.Person, ledger.Disowned{Report: found.ID, What: found.Kind, Method: method, Account: found.Account}); err != nil {
		return err
	}
	if x.Broker.Law.Level(method, tx.Now) == law.NoLevel {
		method = disposition.NoMethod
	}
	if err := x.Dispositions.Disown(tx, found.Person, method); err != nil {
		return err
	}
	if x.Distrust != nil {
		if err := x.Distrust(tx, found.Person); err != nil {
			return err
		}
	}
	told := notify.Disowned{At: tx.Now, Link: x.Issuer + "/account"}
	if _, err := x.Broker.Ledger.Append(tx, found.Person, ledger.NoticeSent{Template: notify.KindOf(told), Medium: notify.Mail, Account: found.Account}); err != nil {
		return err
	}
	return notify.PostToAll(tx, found.Person, told)
}

// reported says that it is done. It names nobody.
func (x *Room) reported(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "reported", web.View{})
	return nil
}

// sampleReports puts the pages into the gallery.
func (x *Room) sampleReports() {
	at := time.Date(2026, time.May, 2, 9, 42, 0, 0, time.UTC)
	for _, kind := range []string{"signin", "forbidden", "settings"} {
		x.pages.Sample("disown-"+kind, "disown", web.View{Data: reportData{Kind: kind, Method: law.TOTP, At: at, Until: at.AddDate(0, 0, 14)}})
	}
	x.pages.Sample("reported", "reported", web.View{})
}
