package card

import (
	"embed"
	"errors"
	"net/http"

	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// RoomConfig is what the pages work with.
type RoomConfig struct {
	Broker *broker.Broker
	Cards  *Service
}

// Room serves the pages of registration from home, in the steps of seed
// document 003. It is safe for concurrent use.
type Room struct {
	RoomConfig
	pages *web.Pages
}

// Addresses.
const (
	startPath = "/register/card"
	checkPath = startPath + "/check"
	formPath  = startPath + "/form"
	donePath  = startPath + "/done"
)

// New makes the room.
func New(c RoomConfig) *Room {
	x := &Room{RoomConfig: c, pages: c.Broker.Shell.Pages("fromhome", files)}
	x.samples()
	return x
}

// Mount adds the pages.
func (x *Room) Mount(mux *http.ServeMux) {
	shell := x.Broker.Shell
	shell.Handle(mux, "GET "+startPath, x.start)
	shell.Handle(mux, "GET "+checkPath, x.askCode)
	shell.Handle(mux, "POST "+checkPath, x.takeCode)
	shell.Handle(mux, "GET "+formPath, x.askChoice)
	shell.Handle(mux, "POST "+formPath, x.takeChoice)
	shell.Handle(mux, "GET "+donePath, x.done)
}

// startData is the dot of the first page.
type startData struct {
	Since identity.Date // of the cards
	Age   int
}

func (x *Room) start(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "start", web.View{Data: x.startData()})
	return nil
}

func (x *Room) startData() startData {
	now := x.Broker.Now()
	return startData{x.Broker.Law.EarliestElectronicCardIssue(now), x.Broker.Law.EarliestAge(now)}
}

// refusedData is the dot of the page that tells the holder of a right code why
// they cannot go on here. Key has .title, .why and .now.
type refusedData struct {
	Key   string
	Enter bool // the way on is signing in
}

func refusal(why string) refusedData {
	return refusedData{Key: "fromhome.refused." + why, Enter: why == RefusedAccount || why == string(Used)}
}

// tell shows the page of what the service answered, or returns what is no answer.
func (x *Room) tell(w http.ResponseWriter, r *http.Request, err error) error {
	var refused *Refused
	var over *Over
	switch {
	case errors.As(err, &refused):
		x.pages.Show(w, r, http.StatusForbidden, "refused", web.View{Data: refusal(refused.Why)})
	case errors.As(err, &over):
		x.pages.Show(w, r, http.StatusGone, "refused", web.View{Data: refusal(string(over.State))})
	case errors.Is(err, ErrUnavailable):
		w.Header().Set("Retry-After", retrySeconds)
		x.pages.Show(w, r, http.StatusServiceUnavailable, "unavailable",
			web.View{Data: x.checkData(), Refresh: &web.Refresh{After: retry, To: formPath}})
	case x.Cards.Busy != nil && errors.Is(err, x.Cards.Busy):
		return web.Busy(retry)
	default:
		return err
	}
	return nil
}
