package phone

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// Form is what an answer is made of. All of them can be typed on a telephone: an
// answer in words would have to be spelled on twelve keys, and nobody spells alike
// twice.
type Form string

// The forms of answers.
const (
	Number Form = "number" // digits, without zeros before them
	Year   Form = "year"   // four digits
	Date   Form = "date"   // eight digits: year, month, day
)

// Offered is how many reminder questions are offered. They are asked by their
// number, from 1; their words are the pages' and the prompts'.
const Offered = 9

// Forms are what the answers are made of, question by question.
var Forms = [Offered]Form{Number, Number, Number, Number, Date, Date, Year, Number, Date}

// Longest and shortest answers, in digits.
const (
	longestNumber = 10
	yearDigits    = 4
	dateDigits    = 8
)

// ParseAnswer reads the answer to a question as people write or type it; the same
// answer gives the same digits. It errs with *identity.Invalid.
func ParseAnswer(question int, typed string) (string, error) {
	if question < 1 || question > Offered {
		return "", &identity.Invalid{Field: FieldAnswer, Reason: identity.ReasonKind}
	}
	if Forms[question-1] == Date {
		if d, err := identity.ParseDate(strings.TrimSpace(typed)); err == nil {
			typed = d.String()
		}
	}
	digits := strings.ReplaceAll(registration.DigitsOf(typed), ".", "")
	switch Forms[question-1] {
	case Year:
		return parseDigits(FieldAnswer, digits, yearDigits)
	case Date:
		return parseDay(digits)
	}
	if short := strings.TrimLeft(digits, "0"); short != "" {
		digits = short
	}
	return parseDigits(FieldAnswer, digits, min(max(len(digits), 1), longestNumber))
}

func parseDay(digits string) (string, error) {
	digits, err := parseDigits(FieldAnswer, digits, dateDigits)
	if err != nil {
		return "", err
	}
	if _, err := identity.ParseDate(digits[:4] + "-" + digits[4:6] + "-" + digits[6:]); err != nil {
		return "", &identity.Invalid{Field: FieldAnswer, Reason: identity.ReasonDate}
	}
	return digits, nil
}

// answered is what is kept of the answers: a hash of each choice of as many as are
// asked. One answer alone is a few digits, which any hash gives away; so no answer
// can be tried by itself, not by an operator either.
type answered struct {
	Chosen Positions         `json:"c"`
	Sums   map[string]string `json:"s"` // by the questions' numbers
}

// together is the secret that answers to some questions make up.
func together(questions Positions, answers []string) string {
	return questions.String() + "\n" + strings.Join(answers, "\n")
}

// SetQuestions records the holder's answers to as many questions as the law wants,
// by number, in place of those there were. It errs with ErrGone, ErrBusy, and
// *identity.Invalid for answers that are too few, too many or alike.
func (g *Register) SetQuestions(ctx context.Context, h Holder, answers map[int]string) error {
	most, asked, _ := g.Law.TelephoneQuestions(g.Now())
	kept, err := g.hashed(ctx, answers, most, asked)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return g.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := g.held(tx, h)
		if err != nil {
			return err
		}
		if p.Reminders, err = drawFrom(kept.Chosen, asked); err != nil {
			return err
		}
		p.Questions, p.Forgotten = string(raw), 0
		if err := tx.SavePhone(p); err != nil {
			return err
		}
		return g.append(tx, p.Person, ledger.PhoneQuestionsSet{By: "web"})
	})
}

func (g *Register) hashed(ctx context.Context, answers map[int]string, most, asked int) (answered, error) {
	kept := answered{Sums: map[string]string{}}
	digits, seen := map[int]string{}, map[string]bool{}
	for n := 1; n <= Offered; n++ {
		typed, given := answers[n]
		if !given {
			continue
		}
		answer, err := ParseAnswer(n, typed)
		if err != nil {
			return kept, err
		}
		if seen[answer] {
			return kept, &identity.Invalid{Field: FieldAnswer, Reason: ReasonWeak}
		}
		kept.Chosen, digits[n], seen[answer] = append(kept.Chosen, n), answer, true
	}
	if len(kept.Chosen) != most || len(answers) != most {
		return kept, &identity.Invalid{Field: FieldAnswer, Reason: identity.ReasonShort}
	}
	for _, places := range choices(asked, most) {
		questions := kept.Chosen.at(places)
		var given []string
		for _, n := range questions {
			given = append(given, digits[n])
		}
		sum, err := g.Hasher.Hash(ctx, together(questions, given))
		if err != nil {
			return kept, busy(ctx, err)
		}
		kept.Sums[questions.String()] = sum
	}
	return kept, nil
}

// at are those of the positions that stand at some places, from 1.
func (p Positions) at(places Positions) (some Positions) {
	for _, n := range places {
		some = append(some, p[n-1])
	}
	return some
}

// drawFrom draws some of the chosen questions.
func drawFrom(chosen Positions, asked int) (string, error) {
	places, err := draw(asked, len(chosen))
	if err != nil {
		return "", err
	}
	return chosen.at(places).String(), nil
}

// busy tells a hash that nobody had time for from one that the caller left.
func busy(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.Join(ErrBusy, err)
}
