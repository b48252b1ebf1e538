package registerhttp

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC)

func TestBreakerOpensAfterFailuresInARow(t *testing.T) {
	b := newBreaker(3, time.Minute)
	b = b.failed(noon).failed(noon).succeeded().failed(noon).failed(noon)
	if _, admitted := b.admit(noon); !admitted {
		t.Fatal("open though a success came between the failures")
	}
	b = b.failed(noon)
	if _, admitted := b.admit(noon.Add(59 * time.Second)); admitted {
		t.Error("asked during its rest")
	}
}

func TestBreakerTriesOnceAfterItsRest(t *testing.T) {
	open := newBreaker(1, time.Minute).failed(noon)
	later := noon.Add(time.Minute)
	trial, admitted := open.admit(later)
	if !admitted || trial.state != HalfOpen {
		t.Fatal("no trial after the rest")
	}
	if _, second := trial.admit(later); second {
		t.Error("a second question went out beside the trial")
	}
	if after := trial.succeeded(); after.state != Closed {
		t.Error("still", after.state, "after a good trial")
	}
	again := trial.failed(later)
	if _, admitted := again.admit(later.Add(time.Second)); admitted {
		t.Error("no new rest after a bad trial")
	}
	if _, admitted := trial.abandoned().admit(later); !admitted {
		t.Error("an abandoned trial keeps the breaker shut")
	}
}

// Whatever happens, questions go out again at the latest after one rest without news.
func TestBreakerNeverStaysShut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, now := newBreaker(rapid.IntRange(1, 5).Draw(t, "limit"), time.Minute), noon
		for range rapid.IntRange(0, 50).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "seconds")) * time.Second)
			next, admitted := b.admit(now)
			if b = next; !admitted {
				continue
			}
			switch rapid.IntRange(0, 2).Draw(t, "outcome") {
			case 0:
				b = b.succeeded()
			case 1:
				b = b.failed(now)
			case 2:
				b = b.abandoned()
			}
		}
		if _, admitted := b.admit(now.Add(time.Minute)); !admitted {
			t.Fatalf("shut for ever: %+v", b)
		}
	})
}
