package keys

import (
	"testing"
	"time"
)

// waiting is a line whose newest key waits for services.
func waiting(t *testing.T, p Patience) []SigningKey {
	t.Helper()
	line := rotate(nil, Change{Add: Life{Published: morning, Active: morning}})
	c, due := PlanWhenReady(line, morning, DefaultSchedule(), p)
	if !due {
		t.Fatal("no successor")
	}
	return rotate(line, c)
}

func TestAKeyWaitsForServicesButNotForEver(t *testing.T) {
	p := Patience{AtLeast: time.Hour, AtMost: 7 * day}
	for _, c := range []struct {
		name    string
		after   time.Duration
		missing bool
		signs   time.Duration // after the morning; 0: it still waits
	}{
		{"all have it, but copies may be about", 59 * time.Minute, false, 0},
		{"all have it", time.Hour, false, time.Hour + notice},
		{"one has not", 6 * day, true, 0},
		{"its time is over", 7 * day, true, 7 * day},
		{"nobody looked for long after", 9 * day, true, 7 * day},
		{"all have it just before the end", 7*day - time.Second, false, 7 * day},
	} {
		line, s := waiting(t, p), DefaultSchedule()
		settled, old, due := Settle(line, morning.Add(c.after), s, c.missing)
		if due != (c.signs > 0) {
			t.Errorf("%s: settled %v", c.name, due)
			continue
		}
		if at := morning.Add(c.signs); due && (!settled.Active.Equal(at) || settled.Waits() || !old.Retired.Equal(at) || !old.Gone.Equal(at.Add(s.Overlap))) {
			t.Errorf("%s: %+v after %+v", c.name, settled.Life, old.Life)
		}
	}
}

func TestAKeyThatWaitsIsPublishedAndDoesNotSign(t *testing.T) {
	line := waiting(t, DefaultPatience())
	if active, _ := ActiveAt(line, morning.Add(6*day)); active != line[0] || len(PublishedAt(line, morning)) != 2 {
		t.Errorf("%+v", line)
	}
	if _, due := PlanWhenReady(line, morning.Add(day), DefaultSchedule(), DefaultPatience()); due {
		t.Error("a second successor was planned")
	}
	if _, due := Plan(line, morning.Add(day), DefaultSchedule()); due {
		t.Error("the schedule does not see that one waits")
	}
}

func TestPatienceHasBounds(t *testing.T) {
	for p, fine := range map[Patience]bool{
		DefaultPatience():                  true,
		{AtMost: day}:                      true,
		{AtLeast: day, AtMost: time.Hour}:  false,
		{AtLeast: -1, AtMost: day}:         false,
		{AtMost: longestPatience + 1}:      false,
		{AtLeast: time.Hour, AtMost: -day}: false,
	} {
		if err := p.Check(); (err == nil) != fine {
			t.Errorf("%+v: %v", p, err)
		}
	}
}
