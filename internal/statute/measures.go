package statute

import (
	"slices"
	"strings"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/store"
)

// Kinds of credentials, as the rooms of the methods name them.
const (
	passwordKind = string(law.Password)
	codesKind    = string(law.TOTP)
)

// measures are the rules that bear on accounts in a way of their own; see ofTopic for the others.
var measures = map[law.Rule]measure{
	"account.longest-life":   longestLife,
	"account.reminders":      remindersOf,
	"account.free":           freeAccounts,
	"account.further-fee":    furtherFee,
	"account.earliest-age":   uncountable("dates of birth are sealed; whoever has an account keeps it, whatever their age"),
	"activation.period":      activationPeriod,
	"provisional.life":       provisionalLife,
	"provisional.level":      of(store.Crowd{Provisional: true}, "are provisional: from their next sign-in they reach no more than this level"),
	"username.shortest":      uncountable("usernames are sealed; names chosen under the old length stay good"),
	"username.longest":       uncountable("usernames are sealed; names chosen under the old length stay good"),
	"username.rest":          resting,
	"password.opens-service": passwordOnly("have no second factor: what their password alone opens changes with this rule"),
	"password.shortest":      passwordOnly("have no second factor and rest on their password alone; passwords are hashed, so nobody can tell how long they are: they stay good until they are changed"),
	"password.longest":       passwordOnly("have no second factor and rest on their password alone; passwords are hashed, so nobody can tell how long they are: they stay good until they are changed"),
	"totp.digits":            plus("have Ügyfélkapu+: their app must show codes of this length, else it has to be set up anew"),
	"totp.period":            plus("have Ügyfélkapu+: their app must change codes at this pace, else it has to be set up anew"),
	"totp.tolerance":         plus("have Ügyfélkapu+: from their next sign-in their clock may differ by so much"),
	"deletion.cooling-off":   acts("a deletion is announced for these; it keeps its day", "delete"),
	"change.stop-period":     acts("a change made at a desk waits for these; it keeps its moment", "remove-totp", "email"),
	"change.link-life":       acts("a change of address waits for these; its links keep their time", "email"),
	"level.password":         passwordOnly("have no second factor: their sign-ins are worth this level from then on"),
	"amr.password":           passwordOnly("have no second factor: services read these references from then on"),
	"level.totp":             plus("have Ügyfélkapu+: their sign-ins are worth this level from then on"),
	"amr.totp":               plus("have Ügyfélkapu+: services read these references from then on"),
	"activation.code-digits": nobody("codes that are under way keep their length"),
	"registration.case-life": nobody("it bears on unfinished cases at desks, not on accounts"),
	"totp.revocation":        nobody("a notice that was sent keeps its time"),
	"recovery.link-life":     nobody("links that were sent keep their time"),
}

// ofTopic is for the rules that bear on no account in particular: methods by those who have them, the rest not at all.
func ofTopic(rule law.Rule) measure {
	topic, name, _ := strings.Cut(string(rule), ".")
	if topic == "level" || topic == "amr" {
		return of(store.Crowd{State: identity.Active, With: name}, "have this method: it counts from their next sign-in")
	}
	return nobody("it counts from then on; no account that exists changes")
}

func nobody(text string) measure {
	return func(c count) ([]Effect, error) { return one(c.effect(0, "%s", text), nil) }
}

func uncountable(text string) measure {
	return func(c count) ([]Effect, error) { return one(c.effect(Uncountable, "%s", text), nil) }
}

func of(who store.Crowd, text string) measure {
	return func(c count) ([]Effect, error) { return one(c.crowd(who, "%s", text)) }
}

func plus(text string) measure {
	return of(store.Crowd{State: identity.Active, With: codesKind}, text)
}

func passwordOnly(text string) measure {
	return of(store.Crowd{State: identity.Active, With: passwordKind, Without: codesKind}, text)
}

func acts(text string, kinds ...string) measure {
	return func(c count) ([]Effect, error) {
		total := int64(0)
		for _, kind := range kinds {
			n, err := c.tx.CountActs(kind)
			if err != nil {
				return nil, err
			}
			total += n
		}
		return one(c.effect(total, "%s", text), nil)
	}
}

func resting(c count) ([]Effect, error) {
	n, err := c.tx.CountResting()
	return one(c.effect(n, "ended accounts whose username rests: each rests until the day it was given; accounts that end from then on go by the new rule"), err)
}

func longestLife(c count) ([]Effect, error) {
	before, after := c.Before.LongestLife(c.Now), c.After.LongestLife(c.On)
	if after > before {
		return one(c.crowd(store.Crowd{State: identity.Active, Final: true}, "keep their end; at their next extension they can be given up to %s", plural(after, "year")))
	}
	limit := law.Day(c.On).AddYears(after)
	return one(c.crowd(store.Crowd{Final: true, EndsAfter: limit.In(law.Budapest)},
		"end after %s, later than the new longest life allows from %s; they keep their end, and none can be extended beyond the new one", limit, law.Day(c.On)))
}

func remindersOf(c count) (all []Effect, err error) {
	before, after := c.Before.ReminderDays(c.Now), c.After.ReminderDays(c.On)
	add := func(who store.Crowd, format string, args ...any) {
		who.State = identity.Active
		e, fault := c.crowd(who, format, args...)
		if err == nil {
			err = fault
		}
		all = append(all, e)
	}
	for _, days := range after {
		if !slices.Contains(before, days) {
			day := c.On.AddDate(0, 0, days)
			add(store.Crowd{EndsAfter: day}, "get an additional reminder, %s before their end", plural(days, "day"))
			add(store.Crowd{EndsAfter: c.On, EndsBefore: day}, "end so soon that the day of that reminder is past by %s", law.Day(c.On))
		}
	}
	for _, days := range before {
		if !slices.Contains(after, days) {
			add(store.Crowd{EndsAfter: c.On.AddDate(0, 0, days)}, "are not reminded %s before their end any more", plural(days, "day"))
		}
	}
	if len(before) > 0 && len(after) > 0 && before[0] != after[0] {
		add(store.Crowd{EndsAfter: c.On.AddDate(0, 0, max(before[0], after[0]))}, "get their first reminder %s before their end rather than %d", plural(after[0], "day"), before[0])
	}
	return all, err
}

func freeAccounts(c count) ([]Effect, error) {
	free := c.After.FreeAccounts(c.On)
	persons, accounts, err := c.tx.CountBeyond(free)
	return one(c.effect(accounts, "are beyond the new number; they belong to %s, and stay without another fee", plural(int(persons), "person")), err)
}

func furtherFee(c count) ([]Effect, error) {
	persons, accounts, err := c.tx.CountBeyond(c.Before.FreeAccounts(c.Now))
	return one(c.effect(accounts, "are further accounts of %s; their fees are paid, only the next account costs the new one", plural(int(persons), "person")), err)
}

// The deadline of a registration and the end of a provisional one are given by the law of the day on which they were
// made. Counting anew tells the operator what it would mean to apply the new rule to those who wait.
func activationPeriod(c count) ([]Effect, error) {
	waiting := store.Crowd{State: identity.Pending}
	all, err := c.crowd(waiting, "wait for activation and keep the deadline of the day they registered; counted anew, it would move for all of these")
	if err != nil {
		return nil, err
	}
	waiting.CreatedBefore = c.Now.Add(-c.After.ActivationPeriod(c.On))
	over, err := c.crowd(waiting, "of them would be over already, were it counted anew")
	return []Effect{all, over}, err
}

func provisionalLife(c count) ([]Effect, error) {
	there := store.Crowd{Provisional: true}
	all, err := c.crowd(there, "are provisional and keep the end of the day they registered; counted anew, it would move for all of these")
	if err != nil {
		return nil, err
	}
	there.CreatedBefore = c.Now.Add(-c.After.ProvisionalLife(c.On))
	over, err := c.crowd(there, "of them would be over already, were it counted anew")
	return []Effect{all, over}, err
}
