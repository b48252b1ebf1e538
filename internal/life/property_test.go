package life_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/identity"
	"kapu/internal/life"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// TestAnyLife draws lives at random and asserts what must hold in every one of
// them: nobody is let in after their date, swept or not; nobody is reminded twice;
// stopping works until an act is due and never after; an address counts when it
// was confirmed and not before; and nothing of a person is left after the end.
func TestAnyLife(t *testing.T) {
	checks := map[string]int{"sqlite": 40, "postgres": 5} // of the hundred that rapid would draw
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteDSN, "postgres": storetest.PostgresDSN} {
		t.Run(name, func(t *testing.T) {
			w := open(t, dsn(t))
			round, failed := 0, false
			rapid.Check(t, func(rt *rapid.T) {
				if round++; round > checks[name] && !failed { // a failure is drawn again and made smaller
					return
				}
				defer func() { failed = failed || rt.Failed() }()
				m := &model{world: w, rt: rt, round: round}
				rt.Repeat(map[string]func(*rapid.T){
					"register": m.register, "activate": m.activate, "extend": m.extend, "ask": m.ask, "press": m.press, "stop own": m.stopOwn,
					"pass": m.pass, "sweep": func(*rapid.T) { m.sweep() }, "": m.holds,
				})
				m.end()
			})
			w.verifies()
		})
	}
}

func (m *model) register(rt *rapid.T) {
	if len(m.accounts) >= 3 {
		rt.Skip("enough")
	}
	name := fmt.Sprintf("Eletek%s%s", letters(m.round), letters(len(m.accounts)))
	var a identity.Account
	provisional := rapid.Bool().Draw(rt, "provisional")
	if provisional {
		a = m.world.provisional(name)
	} else {
		a = m.world.register(name, rapid.IntRange(1, 5).Draw(rt, "years"))
	}
	m.accounts = append(m.accounts, &drawn{Account: a, active: provisional, reminders: map[string]bool{}})
	m.secrets = append(m.secrets, append(words(name), m.sealed(a)...)...)
}

// letters spells a number.
func letters(n int) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprintf("%04d", n))
}

func (m *model) activate(rt *rapid.T) {
	d := m.one(rt)
	if d.active {
		rt.Skip("active")
	}
	m.update(func(tx *store.Tx) error {
		if err := tx.PutCredential(store.Credential{Account: d.ID, Kind: "totp", Secret: "secret of " + string(d.Username)}); err != nil {
			return err
		}
		return tx.Activate(d.ID, d.ValidUntil)
	})
	d.active = true
}

func (m *model) extend(rt *rapid.T) {
	d, years := m.one(rt), rapid.IntRange(0, 6).Draw(rt, "years")
	if !m.lives(d.ID) {
		rt.Skip("gone")
	}
	end, err := m.world.extend(d.ID, years)
	want := until(m.clock.Now(), years)
	may := m.stands(d) && !d.Provisional && years >= 1 && years <= 5 && want.After(d.ValidUntil)
	if (err == nil) != may || err == nil && !end.Equal(want) {
		rt.Fatalf("extended by %d years: %v, %v; may: %v", years, end, err, may)
	}
	if may {
		d.ValidUntil, d.reminders = end, map[string]bool{}
	}
}

// ask asks for something in one of the ways there are.
func (m *model) ask(rt *rapid.T) {
	d := m.one(rt)
	if !m.lives(d.ID) || !d.active {
		rt.Skip("gone, or not activated")
	}
	fresh := identity.Email(fmt.Sprintf("%s%d@uj.example", strings.ToLower(string(d.Username)), len(m.links)))
	ways := []string{"ask deletion", "request deletion", "ask email", "request email", "request removal"}
	way := rapid.SampledFrom(ways).Draw(rt, "way")
	m.note(rt, m.letters())
	var at time.Time
	err := m.DB.Update(context.Background(), func(tx *store.Tx) error {
		a, err := tx.Account(d.ID)
		if err != nil {
			return err
		}
		switch way {
		case "ask deletion":
			at, err = m.AskDeletion(tx, a)
		case "request deletion":
			at, err = m.RequestDeletion(tx, a, clerk)
		case "ask email":
			at, err = m.AskEmail(tx, a, fresh)
		case "request email":
			at, err = m.RequestEmail(tx, a, fresh, clerk)
		default:
			at, err = m.RequestFactorRemoval(tx, a, clerk)
		}
		return err
	})
	if errors.Is(err, life.ErrNoFactor) {
		return
	}
	if (err == nil) != m.stands(d) {
		rt.Fatalf("%s: %v, though it stands: %v", way, err, m.stands(d))
	}
	if err == nil {
		m.asked(d, way, at, fresh, m.letters())
	}
}

// asked notes what was asked for, by the letters that went out.
func (m *model) asked(d *drawn, way string, at time.Time, fresh identity.Email, sent []letter) {
	w := &waiting{due: at, desk: strings.HasPrefix(way, "request"), email: fresh}
	switch way {
	case "ask deletion", "request deletion":
		w.kind = life.Delete
	case "ask email":
		w.kind, w.needs = life.Email, []string{life.EmailNewLink, life.EmailOldLink}
	case "request email":
		w.kind, w.needs = life.Email, []string{life.EmailNewLink}
	default:
		w.kind = life.RemoveTOTP
	}
	if len(sent) == 0 { // announced before: nothing new
		return
	}
	if way == "ask deletion" {
		m.replace(d, "deletion", nil)
		m.links = append(m.links, &link{token: sent[0].token(), kind: life.DeletionLink, of: d, until: at})
		return
	}
	m.replace(d, w.kind, w)
	kinds := map[string]string{"email-confirm-new": life.EmailNewLink, "email-confirm-old": life.EmailOldLink}
	for _, l := range sent {
		kind := kinds[l.Kind]
		if kind == "" {
			kind = life.StopLink
		}
		m.links = append(m.links, &link{token: l.token(), kind: kind, of: d, act: w, until: at})
	}
}

// replace makes the former links of the same matter worthless.
func (m *model) replace(d *drawn, matter string, w *waiting) {
	for _, l := range m.links {
		switch {
		case l.of != d:
		case l.act != nil && l.act.kind == matter:
			l.act.over = true
		case l.act == nil && matter == "deletion":
			l.until = time.Time{}
		}
	}
}

// press presses a button on the page of a link.
func (m *model) press(rt *rapid.T) {
	if len(m.links) == 0 {
		rt.Skip("no links")
	}
	l := rapid.SampledFrom(m.links).Draw(rt, "link")
	if rapid.Bool().Draw(rt, "stop") {
		m.pressStop(rt, l)
	} else {
		m.pressConfirm(rt, l)
	}
}

func (m *model) live(l *link) bool {
	if l.act == nil {
		if w := m.waits(l.of, life.Delete); w != nil && !m.clock.Now().Before(w.due) {
			return false
		}
		return m.stands(l.of) && m.clock.Now().Before(l.until)
	}
	return m.stands(l.of) && !l.act.over && m.clock.Now().Before(l.act.due)
}

func (m *model) waits(d *drawn, kind string) *waiting {
	for _, l := range m.links {
		if l.of == d && l.act != nil && l.act.kind == kind && !l.act.over {
			return l.act
		}
	}
	return nil
}

func (m *model) pressStop(rt *rapid.T, l *link) {
	_, err := m.Stop(context.Background(), l.token)
	may := m.live(l) && l.act != nil && l.kind != life.EmailNewLink
	if (err == nil) != may {
		rt.Fatalf("stop by a link of kind %s: %v; may: %v", l.kind, err, may)
	}
	if may {
		m.stopped(l.of, l.act)
	}
	m.note(rt, m.letters())
}

func (m *model) stopped(d *drawn, w *waiting) {
	w.over = true
	if w.kind == life.Delete {
		m.replace(d, "deletion", nil)
	}
}

func (m *model) pressConfirm(rt *rapid.T, l *link) {
	done, err := m.Confirm(context.Background(), l.token)
	may := m.live(l) && l.kind != life.StopLink
	if (err == nil) != may {
		rt.Fatalf("confirm by a link of kind %s: %v; may: %v", l.kind, err, may)
	}
	sent := m.letters()
	if !may {
		return
	}
	switch {
	case l.kind == life.DeletionLink && m.waits(l.of, life.Delete) == nil:
		m.asked(l.of, "request deletion", done.Due, "", sent)
	case l.act != nil:
		l.act.needs = slices.DeleteFunc(l.act.needs, func(kind string) bool { return kind == l.kind })
		if len(l.act.needs) == 0 && !l.act.desk {
			l.act.over, l.of.Email = true, l.act.email
		}
	}
}

func (m *model) stopOwn(rt *rapid.T) {
	d, kind := m.one(rt), rapid.SampledFrom([]string{life.Delete, life.Email, life.RemoveTOTP}).Draw(rt, "kind")
	if !m.stands(d) || !m.lives(d.ID) {
		rt.Skip("cannot sign in")
	}
	w := m.waits(d, kind)
	err := m.DB.Update(context.Background(), func(tx *store.Tx) error { return m.StopOwn(tx, d.Account, kind) })
	may := w != nil && m.clock.Now().Before(w.due)
	if (err == nil) != may {
		rt.Fatalf("stop %s: %v; may: %v", kind, err, may)
	}
	if may {
		m.stopped(d, w)
	}
	m.note(rt, m.letters())
}

// pass lets time pass: a while, or to the very moment before something is due.
func (m *model) pass(rt *rapid.T) {
	wait := time.Duration(rapid.IntRange(0, 40*24).Draw(rt, "hours")) * time.Hour
	var moments []time.Time
	for _, d := range m.accounts {
		moments = append(moments, d.ValidUntil)
	}
	for _, l := range m.links {
		if l.act != nil {
			moments = append(moments, l.act.due)
		}
	}
	if len(moments) > 0 && rapid.Bool().Draw(rt, "to a moment") {
		at := rapid.SampledFrom(moments).Draw(rt, "moment")
		wait = at.Sub(m.clock.Now()) - time.Duration(rapid.IntRange(0, 1).Draw(rt, "before"))*time.Millisecond
	}
	m.clock.Advance(max(wait, 0))
}

// sweep lets the jobs come round and carries out what they should carry out.
func (m *model) sweep() {
	m.world.sweep()
	m.settle()
	m.note(m.rt, m.letters())
}
