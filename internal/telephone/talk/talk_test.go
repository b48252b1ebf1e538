package talk_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/phone"
	"kapu/internal/store"
)

func TestTheFirstCallChangesThePassword(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.issue("KissAnna")
		c := w.call().hears("Telefonos azonosítás.", "For English, press two.")
		c.identify(person, identifier).hears("Első jelszavát most meg kell változtatnia.", "Számjegyek száma:", "hat")
		c.dial("111111#").dial("111111#").hears("könnyen kitalálható")
		c.dial(chosen + "#").hears("Kérem még egyszer").dial("493028#").hears("nem egyezik")
		if p := w.kept(person); !p.Initial {
			t.Fatal("changed without the second time")
		}
		c.dial(chosen+"#").dial(chosen+"#").hears("Jelszavát megváltoztattuk.", "Új jelszó: egyes.")
		if p := w.kept(person); p.Initial || p.Password != chosen {
			t.Errorf("the password is %+v", p)
		}
		c.dial("9").hears("Viszonthallásra!")
		if !c.ended {
			t.Error("the call goes on")
		}
		w.call().identify(person, identifier).hears("Új jelszó: egyes.")
	})
}

func TestHangingUpLeavesNoHalf(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.issue("KissAnna")
		first := w.kept(person).Password
		keys := 1 + len(identifier) + 1 + 3 + len(chosen+"#"+chosen) // all but the # that ends the second
		for n := range keys + 1 {
			script := "1" + identifier + "#" + w.digits(person) + chosen + "#" + chosen
			c := w.call().dial(script[:n])
			c.talk.HangUp()
			if c.dial("#1*").said != nil {
				t.Fatal("somebody speaks after hanging up")
			}
			if p := w.kept(person); p.Password != first || !p.Initial {
				t.Fatalf("after %d keys the password is another", n)
			}
			w.update(func(tx *store.Tx) error { // that others may have heard it is not what this is about
				p := w.kept(person)
				p.Heard = 0
				return tx.SavePhone(p)
			})
		}
	})
}

var positions = regexp.MustCompile(`^Az? \S+ számjegy\?$`)

// What is heard, key by key, but for which positions are asked.
func (c *caller) hear(keys string) (all []string) {
	for _, key := range keys {
		c.dial(string(key))
		for i, s := range c.said {
			if positions.MatchString(s) {
				c.said[i] = "position"
			}
		}
		all = append(all, c.said...)
	}
	return all
}

func TestAnIdentifierThatNobodyHasIsWalkedAlike(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.settled("KissAnna")
		wrong := ""
		for _, d := range w.digits(person) {
			wrong += string('0' + (d-'0'+1)%10)
		}
		nobody := "00000001"
		if identifier == nobody {
			nobody = "00000002"
		}
		one := w.call().hear("1" + identifier + "#" + wrong + "*" + identifier + "#" + wrong + "1" + "17#" + "19900131#" + "1990#")
		two := w.call().hear("1" + nobody + "#" + wrong + "*" + nobody + "#" + wrong + "1" + "17#" + "19900131#" + "1990#")
		if questions := regexp.MustCompile(`\?$|^Nyolc számjeggyel`); !slices.Equal(cut(one, questions), cut(two, questions)) {
			t.Errorf("heard\n%q\nand\n%q", one, two)
		}
	})
}

func cut(said []string, what *regexp.Regexp) []string {
	return slices.DeleteFunc(slices.Clone(said), what.MatchString)
}

func TestThePastIsTold(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.settled("KissAnna")
		w.call().identify(person, identifier).dial("2").hears("Nincs azonosítás")
		w.update(func(tx *store.Tx) error {
			_, err := w.Broker.Ledger.Append(tx, person, ledger.Released{Service: "gone", Method: law.TOTP, Level: law.Substantial})
			return err
		})
		w.Clock.Advance(24 * time.Hour)
		w.call().identify(person, identifier).dial("2").hears("Utolsó azonosításai:", "március", "másodikán", "tíz", "órakor,", "egyéb ügyben,", "ügyfélkapu plusszal.", "telefonos azonosítással.", "Új jelszó: egyes.")
	})
}

func TestTheTelephoneForbidsItself(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.settled("KissAnna")
		c := w.call().identify(person, identifier).dial("3").hears("Ügyfélkapu plusz", "engedélyezve. Letiltás:", "Telefonos azonosítás", "Vissza: csillag.")
		c.dial(c.key("Telefonos azonosítás")).hears("Ezt tiltja le:", "Telefonos azonosítás", "Figyelem!", "Megerősítés: egyes.")
		c.dial("1").hears("Rendelkezését bejegyeztük.", "Viszonthallásra!")
		if !c.ended {
			t.Error("the call goes on")
		}
		again := w.call().dial("1" + identifier + "#" + w.digits(person)).hears("Ön letiltotta")
		if !again.ended {
			t.Error("somebody goes on with what they forbade")
		}
	})
}

// key is that by which a method is chosen, as it is told.
func (c *caller) key(method string) string {
	c.t.Helper()
	names := []string{"egyes.", "kettes.", "hármas.", "négyes.", "ötös.", "hatos.", "hetes.", "nyolcas."}
	at := slices.Index(c.said, method)
	if at < 0 || at+2 >= len(c.said) {
		c.t.Fatalf("%s is not told: %q", method, c.said)
	}
	return string(rune('1' + slices.Index(names, c.said[at+2])))
}

func TestWhatIsStrongerOnlyIsForbidden(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.settled("KissAnna")
		c := w.call().identify(person, identifier).dial("3")
		w.Clock.Advance(time.Second) // forbidding ends what was proved before, and not this call
		c.dial(c.key("Ügyfélkapu plusz")).dial("1").hears("Rendelkezését bejegyeztük.", "Új jelszó: egyes.")
		w.Clock.Advance(time.Second)
		c.dial("3").hears("Ügyfélkapu plusz", "letiltva, telefonon nem engedélyezhető.").dial("1").hears("Ezt telefonon nem lehet.")
	})
}

func TestASpokenCodeIsGoodOnTheWeb(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.settled("KissAnna")
		c := w.call().identify(person, identifier).dial("4").hears("Egyszer használatos kódja:", "Ismétlem:", "Új jelszó: egyes.")
		code := ""
		for _, said := range c.said[1:7] {
			code += string(rune('0' + slices.Index([]string{"nulla", "egy", "kettő", "három", "négy", "öt", "hat", "hét", "nyolc", "kilenc"}, said)))
		}
		asked, err := w.phone.Begin(context.Background(), identifier)
		w.must(err)
		a, err := w.phone.CheckSpoken(context.Background(), asked, code, phone.Line{Peer: "192.0.2.1"})
		if err != nil || a.Verdict != phone.Right || a.Holder.Person != person {
			t.Errorf("%s: %+v, %v", code, a, err)
		}
	})
}

func TestAClerkSeesWhoConsents(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.settled("KissAnna")
		clerk := w.Citizen(t, "NagyPeter")
		w.update(func(tx *store.Tx) error { return tx.PutOffice(window) })
		d, err := w.phone.OpenDesk(context.Background(), window.ID, clerk.ID)
		w.must(err)
		c := w.call().identify(person, identifier).dial("5").dial(d.Code+"#").hears("Egy kormányablak ügyintézője várja.", "nyomja meg a kettőskeresztet")
		if now, err := w.phone.DeskOf(context.Background(), clerk.ID); err != nil || now.Person != "" {
			t.Fatalf("shown before they consented: %+v, %v", now, err)
		}
		c.dial("#").hears("Az ügyintéző látja, kicsoda Ön.")
		if now, err := w.phone.DeskOf(context.Background(), clerk.ID); err != nil || now.Person != person {
			t.Errorf("the clerk sees %+v, %v", now, err)
		}
		wrong := "0000"
		if d.Code == wrong {
			wrong = "0001"
		}
		c.dial("5"+wrong+"#").hears("egy ügyintéző sem vár hívást", "Új jelszó: egyes.")
	})
}

func TestRemindersUnlock(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.settled("KissAnna")
		answers := map[int]string{1: "17", 2: "4", 4: "2801", 5: "19900131", 7: "1998", 8: "61"}
		w.must(w.phone.SetQuestions(context.Background(), w.phone.Strong(person), answers))
		inARow, _ := law.Default().TelephoneLock(w.Clock.Now())
		for range inARow {
			asked, err := w.phone.Begin(context.Background(), identifier)
			w.must(err)
			a, err := w.phone.Check(context.Background(), asked, "000", phone.Line{Peer: "192.0.2.1"})
			if err != nil || a.Verdict == phone.Right {
				t.Fatal(a.Verdict, err)
			}
			w.Clock.Advance(2 * time.Hour)
		}
		c := w.call().dial("1"+identifier+"#"+w.digits(person)).hears("Az azonosítás nem sikerült.", "Újabb próbálkozás: csillag.")
		c.dial("1").hears("Emlékeztető kérdései következnek.")
		asked, err := w.phone.BeginReminders(context.Background(), identifier)
		w.must(err)
		for _, n := range asked.Positions {
			c.dial(answers[n] + "#")
		}
		c.hears("A zárolást feloldottuk.", "Kérem telefonos azonosítóját")
		w.Clock.Advance(2 * time.Hour)
		c.dial(identifier + "#" + w.digits(person)).hears("Sikeresen azonosította magát.")
	})
}

func TestAFaultIsToldByACodeThatTheLogHas(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.settled("KissAnna")
		c := w.call().identify(person, identifier)
		over, stop := context.WithCancel(context.Background())
		stop()
		c.ctx = over
		c.dial("1"+"638401#"+"638401#").hears("Műszaki hiba történt.", "A hiba kódja:", "Új jelszó: egyes.")
		if log := w.log.String(); !strings.Contains(log, "fault=") || strings.Contains(log, "638401") || strings.Contains(log, identifier) {
			t.Errorf("the log says %q", log)
		}
		if w.kept(person).Password != chosen {
			t.Error("a change that failed is there")
		}
	})
}

func TestInEnglish(t *testing.T) {
	each(t, func(w *world) {
		person, identifier := w.settled("KissAnna")
		w.call().dial("2").hears("Please enter your telephone identifier").dial(identifier+"#"+w.digits(person)).hears("You are identified.", "New password: one.")
	})
}

func TestSilenceEnds(t *testing.T) {
	each(t, func(w *world) {
		c := w.call()
		for n := 0; !c.ended; n++ {
			if n > 4 {
				t.Fatal("silence does not end")
			}
			c.said = nil
			c.play(c.talk.Silence())
		}
		c.hears("Nem kaptunk választ", "Viszonthallásra!")
	})
}
