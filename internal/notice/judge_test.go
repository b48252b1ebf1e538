package notice_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/notice"
)

var limits = notice.Limits{Delays: 1, Apart: 10 * time.Minute}

func TestOrderOfRules(t *testing.T) {
	type want struct {
		none, important, every notice.Reason
		suspicious             bool
	}
	for name, c := range map[string]struct {
		facts notice.Facts
		want  want
	}{
		"a known device":                        {notice.Facts{KnownDevice: true}, want{every: notice.Asked}},
		"a known device elsewhere":              {notice.Facts{KnownDevice: true, NewNetwork: true, NewMethod: true, Delays: 9, Since: time.Second}, want{every: notice.Asked}},
		"the very first":                        {notice.Facts{First: true, NewNetwork: true, NewMethod: true}, want{every: notice.Asked}},
		"again to the same service":             {notice.Facts{Again: true}, want{}},
		"to another service":                    {notice.Facts{Passed: true}, want{every: notice.Asked}},
		"an unknown device at home":             {notice.Facts{}, want{important: notice.Device, every: notice.Asked}},
		"an unknown device elsewhere":           {notice.Facts{NewNetwork: true}, want{notice.Elsewhere, notice.Elsewhere, notice.Elsewhere, true}},
		"an unknown device, a new method":       {notice.Facts{NewMethod: true}, want{notice.Method, notice.Method, notice.Method, true}},
		"after guessing":                        {notice.Facts{Delays: 1}, want{notice.Guessed, notice.Guessed, notice.Guessed, true}},
		"guessing elsewhere":                    {notice.Facts{Delays: 1, NewNetwork: true, NewMethod: true}, want{notice.Guessed, notice.Guessed, notice.Guessed, true}},
		"at two known places at once":           {notice.Facts{Since: time.Minute}, want{notice.Apart, notice.Apart, notice.Apart, true}},
		"at two places, with time to travel":    {notice.Facts{Since: 10 * time.Minute}, want{important: notice.Device, every: notice.Asked}},
		"a forbidden method from a known place": {notice.Facts{Forbidden: true, KnownDevice: true}, want{notice.Forbidden, notice.Forbidden, notice.Forbidden, true}},
		"a forbidden method, the very first":    {notice.Facts{Forbidden: true, First: true}, want{notice.Forbidden, notice.Forbidden, notice.Forbidden, true}},
	} {
		for wish, reason := range map[notice.Wish]notice.Reason{notice.None: c.want.none, notice.Important: c.want.important, "": c.want.important, "other": c.want.important, notice.Every: c.want.every} {
			want := notice.Verdict{Tell: reason != "", Suspicious: c.want.suspicious, Reason: reason}
			if got := notice.Judge(wish, c.facts, limits); got != want {
				t.Errorf("%s, to who wishes %q: %+v, want %+v", name, wish, got, want)
			}
		}
	}
}

// Whatever happens: what is suspicious is told to all alike; who wishes more is told no less; and single sign-on to the
// same service is told to nobody.
func TestWishesOnlyAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flag := rapid.Bool()
		f := notice.Facts{Forbidden: flag.Draw(t, "forbidden"), Again: flag.Draw(t, "again"), Passed: flag.Draw(t, "passed"), KnownDevice: flag.Draw(t, "device"),
			First: flag.Draw(t, "first"), NewNetwork: flag.Draw(t, "network"), NewMethod: flag.Draw(t, "method"),
			Delays: rapid.IntRange(0, 3).Draw(t, "delays"), Since: time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "since"))}
		none, important, every := notice.Judge(notice.None, f, limits), notice.Judge(notice.Important, f, limits), notice.Judge(notice.Every, f, limits)
		if none.Suspicious && (none != important || important != every) || none.Tell != none.Suspicious {
			t.Fatalf("%+v: %+v %+v %+v", f, none, important, every)
		}
		if none.Tell && !important.Tell || important.Tell && !every.Tell {
			t.Fatalf("%+v: who wishes more is told less", f)
		}
		if f.Again && !f.Forbidden && every.Tell {
			t.Fatalf("%+v: single sign-on to the same service is told", f)
		}
	})
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.77": "192.0.2.0/24", "::ffff:192.0.2.77": "192.0.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48", "": "", "unix": "", "192.0.2.1:443": "",
	} {
		if got := notice.Network(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
