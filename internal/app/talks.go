package app

import (
	"kapu/internal/telephone"
	"kapu/internal/telephone/talk"
)

// talks is how calls are answered.
func (a *App) talks() func(telephone.Call) telephone.Conversation {
	return talk.New(talk.Config{Register: a.phones, Catalogue: a.Catalogue, Law: a.Law, Now: a.Now, Log: a.Log}).Open
}
