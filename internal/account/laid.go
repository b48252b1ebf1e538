package account

import (
	"net/http"
	"strconv"
	"time"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/disposition"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// laid is what the person has laid down once, as the ledger has it: by whom, when
// and by what way.
type laid struct {
	At     time.Time
	Act    string
	Method string   // key of its name; "" where it is about none
	Keys   []string // of the kinds of services, or of the level
	By     string
	Office string
}

// Key is the key of the sentence.
func (l laid) Key() string { return "account.laid." + l.Act }

// WayKey is the key of the way by which it came.
func (l laid) WayKey() string { return "account.laid.by." + l.By }

// lookBack is how many entries of the ledger the page looks through for the few
// that are about dispositions.
const lookBack = 200

// laidDown is what the person has laid down so far, the newest first.
func (x *Room) laidDown(r *http.Request) (list []laid, err error) {
	err = x.Broker.DB.View(r.Context(), func(tx *store.Tx) error {
		all, err := x.Broker.Ledger.History(tx, broker.Of(r.Context()).Session.Person(), "", lookBack)
		for _, record := range all {
			e, is := record.Event.(ledger.DispositionChanged)
			if !is {
				continue
			}
			one := laidOf(e)
			one.At = record.At
			if e.Office != "" {
				o, err := tx.Office(e.Office)
				if one.Office = o.Name; err != nil {
					one.Office = e.Office
				}
			}
			list = append(list, one)
		}
		return err
	})
	return list, err
}

func laidOf(e ledger.DispositionChanged) laid {
	l := laid{Act: e.Act, By: e.By}
	if e.Method != "" {
		l.Method = catalogue.MethodKey(e.Method)
	}
	for _, k := range e.Kinds {
		l.Keys = append(l.Keys, catalogue.KindKey(k))
	}
	if e.Act == string(disposition.Least) {
		l.Keys = []string{"account.laid.level." + strconv.Itoa(int(e.Level))}
	}
	return l
}

// sampleLaid is for the gallery.
func (x *Room) sampleLaid() []laid {
	list := []laid{
		laidOf(ledger.DispositionChanged{Act: "lock", By: "online"}),
		laidOf(ledger.DispositionChanged{Act: "least", Level: law.Substantial, By: "telephone"}),
		laidOf(ledger.DispositionChanged{Act: "limit", Method: law.Passkey, Kinds: []string{"tax", "health"}, By: "office"}),
		laidOf(ledger.DispositionChanged{Act: "forbid", Method: law.MailCode, By: "link"}),
	}
	list[2].Office = "Kormányablak, Kisfalud"
	for i := range list {
		list[i].At = x.Broker.Now().Add(-time.Duration(i+1) * 30 * time.Hour)
	}
	return list
}
