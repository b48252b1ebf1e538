package portal

import (
	"net/http"
	"time"

	"kapu/internal/identity"
	"kapu/internal/web"
)

// guideData is what the law says today of registering: the pages hold no
// number of their own.
type guideData struct {
	Activation                         time.Duration
	Life, Age                          int // years
	Licence                            identity.Date
	Free, Fee                          int
	FeeSet                             bool
	CodeDigits, PlusDigits             int
	PlusPeriod                         time.Duration
	ShortestUsername, ShortestPassword int
}

func (x *Room) guide() guideData {
	now := x.Now()
	d := guideData{
		Activation: x.Law.ActivationPeriod(now), Life: x.Law.LongestLife(now), Age: x.Law.EarliestAge(now),
		Licence: x.Law.EarliestLicenceIssue(now), Free: x.Law.FreeAccounts(now), CodeDigits: x.Law.ActivationCodeDigits(now),
	}
	d.Fee, d.FeeSet = x.Law.FurtherAccountFee(now)
	d.PlusDigits, d.PlusPeriod, _ = x.Law.TOTP(now)
	d.ShortestUsername, _ = x.Law.UsernameLength(now)
	d.ShortestPassword, _ = x.Law.PasswordLength(now)
	return d
}

// register tells how to register at an office (R2, R3, R5).
func (x *Room) register(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "register", web.View{Data: x.guide()})
	return nil
}

// help tells what to do when something does not work.
func (x *Room) help(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "help", web.View{Data: x.guide()})
	return nil
}
