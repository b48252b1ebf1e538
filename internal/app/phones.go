package app

import (
	"kapu/internal/phone"
	"kapu/internal/throttle"
)

// The secrets of the numeric credentials.
const (
	phoneDigits    = "phone"
	phoneReminders = "phone-reminders" // the answers that unlock them
)

// phoneRegister makes the register of numeric credentials, for the web, the desk and the telephone alike.
func (a *App) phoneRegister(gates map[string]*throttle.Gate) *phone.Register {
	return phone.New(phone.Config{
		DB: a.DB, Volatile: a.Volatile, Ring: a.Ring, Ledger: a.Ledger, Law: a.Law, Gate: gates[phoneDigits], Reminders: gates[phoneReminders],
		Hasher: a.Passwords, Dispositions: a.dispositions(), Home: a.Issuer + "/account/phone", Now: a.Now,
	})
}

// Phones is the register of numeric credentials.
func (a *App) Phones() *phone.Register { return a.phones }
