package provisional

import (
	"net/http"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/web"
)

// startData is what a provisional registration is, as the law and the catalogue are today.
type startData struct {
	Days     int
	Age      int // years
	Services []offer
}

// offer is a service that also takes people whom nobody has checked.
type offer struct{ URL, Name, About string }

const day = 24 * time.Hour

func (x *Room) startData(l web.Lang) startData {
	now := x.Broker.Now()
	d := startData{Days: int(x.Broker.Law.ProvisionalLife(now) / day), Age: x.Broker.Law.EarliestAge(now)}
	for _, s := range x.Broker.Catalogue.All() {
		if s.Provisional {
			d.Services = append(d.Services, offer{"/services/" + s.ID, catalogue.In(s.Name, string(l)), catalogue.In(s.About, string(l))})
		}
	}
	return d
}

func (x *Room) start(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "start", web.View{Data: x.startData(web.Language(r))})
	return nil
}
