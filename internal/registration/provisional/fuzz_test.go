package provisional

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

// bare is the room without pages.
func bare(t testing.TB) (*Room, *storetest.Clock) {
	clock := storetest.NewClock()
	return &Room{Config: Config{Broker: &broker.Broker{Config: broker.Config{Ring: storetest.Ring(t), Law: law.Default(), Now: clock.Now}}}}, clock
}

// Nobody but the gateway makes a challenge, and nobody makes it older.
func FuzzReadChallenge(f *testing.F) {
	x, clock := bare(f)
	c, genuine, err := x.newChallenge("browser")
	if err != nil {
		f.Fatal(err)
	}
	clock.Advance(time.Minute)
	if read, ok := x.readChallenge(genuine, "browser"); !ok || read.Nonce != c.Nonce || !read.Issued.Equal(c.Issued) {
		f.Fatalf("read %+v, %v", read, ok)
	}
	f.Add("", "browser")
	f.Add(genuine, "another")
	f.Add(genuine, "")
	f.Add(genuine[:len(genuine)-4]+"AAAA", "browser")
	f.Add(strings.ToLower(genuine), "browser")
	f.Fuzz(func(t *testing.T, sealed, browser string) {
		same := browser == "browser" && strings.HasPrefix(sealed, genuine[:len(genuine)-1]) // the last letter has spare bits
		if _, ok := x.readChallenge(sealed, browser); ok && !same {
			t.Errorf("%q is good for %q", sealed, browser)
		}
	})
}

// An answer is short and all digits; nothing else is worth anything.
func FuzzWork(f *testing.F) {
	c := challenge{Nonce: "nonce"}
	for _, seed := range []string{"", "0", "00", "1234567890", "12345678901", "-1", "1e5", "١", "1 "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		zero := c.work(answer)
		if zero > 0 && (len(answer) > longestWork || strings.Trim(answer, "0123456789") != "") || zero < 0 || zero > 256 {
			t.Errorf("%q has %d zero bits", answer, zero)
		}
	})
}

// What the form lets through is what the parsers of identity let through, and is
// read again as it was shown again.
func FuzzForm(f *testing.F) {
	x, _ := bare(f)
	names := slices.Sorted(maps.Keys(agnes()))
	join := func(v map[string]string) string {
		var all []string
		for _, n := range names {
			all = append(all, v[n])
		}
		return strings.Join(all, "\n")
	}
	f.Add(join(agnes()))
	f.Add(join(agnes("birth-date", "2031-01-01", "username", "x", "email", "a@b")))
	f.Add(join(agnes("nationality", "hu", "lang", "HU", "birth-given", "")))
	f.Add("\n\n\n")
	f.Fuzz(func(t *testing.T, typed string) {
		v := map[string]string{}
		for i, part := range strings.SplitN(typed, "\n", len(names)) {
			v[names[i]] = part
		}
		form := web.NewForm(v)
		d := x.read(form)
		if !form.OK() {
			return
		}
		again := web.NewForm(nil)
		for _, field := range typedOf(filled(pending{Person: d.Person, Username: d.Username, Email: d.Email, Lang: d.Lang})) {
			again.Set(field.Name, field.Value)
		}
		if e := x.read(again); !again.OK() || e != d {
			t.Errorf("%q is read as %+v and then as %+v, %v", typed, d, e, again.Failures())
		}
		if age := d.Person.BirthDate.Age(law.Day(x.Broker.Now())); age < x.Broker.Law.EarliestAge(x.Broker.Now()) || d.Person.Address != (identity.Address{}) {
			t.Errorf("%+v", d.Person)
		}
	})
}
