package app

import (
	"kapu/internal/disposition"
	"kapu/internal/phone"
	"kapu/internal/throttle"
)

// phoneRegister makes the register of numeric credentials, for the web, the desk and the telephone alike.
func (a *App) phoneRegister() (*phone.Register, error) {
	gates := map[string]*throttle.Gate{}
	for _, purpose := range []string{"phone", "phone-reminders"} {
		gate, err := throttle.New(throttle.Config{
			Store: a.Volatile, Key: []byte(a.Ring.Digest("throttle", purpose)), Purpose: purpose, Rules: phone.Delays(a.Law), Now: a.Now,
		})
		if err != nil {
			return nil, err
		}
		gates[purpose] = gate
	}
	return phone.New(phone.Config{
		DB: a.DB, Volatile: a.Volatile, Ring: a.Ring, Ledger: a.Ledger, Law: a.Law, Gate: gates["phone"], Reminders: gates["phone-reminders"],
		Hasher: a.Passwords, Dispositions: disposition.Register{Ledger: a.Ledger, Home: a.Issuer + "/account"}, Home: a.Issuer + "/account/phone", Now: a.Now,
	}), nil
}

// Phones is the register of numeric credentials.
func (a *App) Phones() *phone.Register { return a.phones }
