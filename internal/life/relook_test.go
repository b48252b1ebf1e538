package life_test

import (
	"context"
	"testing"

	"kapu/internal/law"
)

func TestAnEarlierReminderThatIsAddedIsNotMissed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 1)
		relook := func() int {
			done, err := w.Relook(context.Background())
			w.must(err)
			return done
		}
		relook()
		w.sweep() // scheduled for the 30th day before the end
		if relook() != 0 {
			t.Error("the law is the same, and yet it looks again")
		}
		var err error
		w.Law, err = w.Law.With(law.Row{Rule: "account.reminders", Value: "60, 30, 7, 1 days", Source: "a decree"})
		w.must(err)
		if relook() == 0 {
			t.Error("the law is another, and nobody looks")
		}
		w.sweep()
		w.passes(306 * day)
		if got := w.letters(); len(got) != 1 {
			t.Errorf("59 days before the end of %s: %v", anna.Username, kinds(got))
		}
		w.passes(30 * day)
		if got := w.letters(); len(got) != 1 {
			t.Errorf("29 days before: %v", kinds(got))
		}
	})
}
