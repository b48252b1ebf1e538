package password_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kapu/internal/method/password"
	"kapu/internal/method/roomtest"
	"kapu/internal/store/storetest"
)

// TestABurstFromOneAddressIsNotAnswered sends at many names at once what one by
// one would soon be delayed.
func TestABurstFromOneAddressIsNotAnswered(t *testing.T) {
	db, clock := storetest.SQLite(t)
	slow := password.Params{Memory: 4 * 1024, Passes: 1, Threads: 1} // so that the attempts overtake one another
	g := roomtest.New(t, db, clock, roomtest.Hasher(t, password.Config{Params: slow, Slots: 1, Queue: 100}))
	b := atPassword(t, g)
	var told atomic.Int64
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			one := b.Twin()
			one.Post(b.URL.String(), "username", "Senki"+strings.Repeat("a", i), "password", "hét hosszú hajó halad")
			if one.Status != http.StatusTooManyRequests {
				told.Add(1)
			}
		})
	}
	all.Wait()
	if n := told.Load(); n > 40 { // 20 by law, and those that were ready at the same moment
		t.Errorf("%d guesses of 60 were answered", n)
	}
}
