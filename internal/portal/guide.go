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
	Life, Age                          int           // years
	Licence, Card                      identity.Date // issued then or later
	ProvisionalDays                    int
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
	d.Card, d.ProvisionalDays = x.Law.EarliestElectronicCardIssue(now), int(x.Law.ProvisionalLife(now)/(24*time.Hour))
	d.Fee, d.FeeSet = x.Law.FurtherAccountFee(now)
	d.PlusDigits, d.PlusPeriod, _ = x.Law.TOTP(now)
	d.ShortestUsername, _ = x.Law.UsernameLength(now)
	d.ShortestPassword, _ = x.Law.PasswordLength(now)
	return d
}

// register tells the ways to register (R2, R8, R10, R11), and of the first, at an
// office, all steps (R3, R5).
func (x *Room) register(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "register", web.View{Data: x.guide()})
	return nil
}

// help tells what to do when something does not work.
func (x *Room) help(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "help", web.View{Data: x.guide()})
	return nil
}
