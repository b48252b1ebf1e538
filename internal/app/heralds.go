package app

import (
	"context"

	"kapu/internal/catalogue"
	"kapu/internal/store"
)

// reportsAtOnce is how many old notices are forgotten in a transaction.
const reportsAtOnce = 1000

// sweepReports forgets the links of notices whose time is over.
func (a *App) sweepReports(ctx context.Context) (done int, err error) {
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.SweepReports(reportsAtOnce)
		done = int(n)
		return err
	})
	return done, err
}

// serviceName is a service's name in a language, or its id where it is not known any more.
func (a *App) serviceName(id, lang string) string {
	if s := a.Catalogue.Service(id); s != nil {
		return catalogue.In(s.Name, lang)
	}
	return id
}
