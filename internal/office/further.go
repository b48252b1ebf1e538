package office

import (
	"errors"
	"html"
	"html/template"
	"slices"
	"strconv"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/disposition"
	"kapu/internal/law"
	"kapu/internal/mandate"
	desk "kapu/internal/registration/office"
	"kapu/internal/web"
)

// box is something to tick on a form.
type box struct {
	ID, Name string // the name as it is, or else its key
	Key      string
}

// months are for how long a desk records a mandate.
var months = []int{1, 3, 6, 12}

// furtherData is what the forms of dispositions and mandates choose from.
type furtherData struct {
	Which, Where, Levels, Locks, Persons, Mandates []any
	Boxes                                          []box // kinds of services, or services
	Ends                                           []monthChoice
}

// Least is the level that the owner has laid down, as pages show it.
func (d actData) Least() int { return int(d.Laid.Least) }

// monthChoice is a length of a mandate with the day to which it leads.
type monthChoice struct {
	Months int
	Until  time.Time
}

// Where a method may identify somebody.
const everywhere, some, nowhere = "everywhere", "some", "nowhere"

func (x *Room) furtherOf(o desk.Opened, act desk.Act, l web.Lang) (d furtherData) {
	switch act {
	case desk.SetMethod:
		for _, m := range o.Methods {
			d.Which = append(d.Which, map[string]any{"value": string(m.Name), "label": catalogue.MethodKey(m.Name)})
		}
		d.Where = itemsOf("office.where.", []string{everywhere, some, nowhere})
		for _, k := range catalogue.Kinds() {
			d.Boxes = append(d.Boxes, box{ID: k, Key: catalogue.KindKey(k)})
		}
	case desk.SetLeast:
		d.Levels = itemsOf("office.least.", []string{"0", "2", "3"})
	case desk.SetLock:
		d.Locks = itemsOf("office.lock.", []string{string(disposition.Lock), string(disposition.Unlock)})
	case desk.GiveMandate:
		for _, n := range o.Neighbours {
			d.Persons = append(d.Persons, map[string]any{"value": n.Account, "label": template.HTML(html.EscapeString(n.Name))})
		}
		for _, s := range x.taking() {
			d.Boxes = append(d.Boxes, box{ID: s.ID, Name: catalogue.In(s.Name, string(l))})
		}
		d.Ends = x.monthChoices()
	case desk.EndMandate:
		for _, h := range o.Held {
			d.Mandates = append(d.Mandates, map[string]any{"value": h.ID, "label": template.HTML(html.EscapeString(h.Name)), "hint": "office.held." + map[bool]string{true: "mine", false: "theirs"}[h.Mine]})
		}
	}
	return d
}

// taking are the services that take people who act for others.
func (x *Room) taking() (list []*catalogue.Service) {
	if x.Catalogue == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(x.Catalogue.All()), func(s *catalogue.Service) bool { return !s.Mandates })
}

func (x *Room) monthChoices() (list []monthChoice) {
	now := x.Desk.Now()
	for _, n := range months {
		if until := now.AddDate(0, n, 0); until.Sub(now) <= x.Desk.Law.LongestMandate(now) {
			list = append(list, monthChoice{n, until})
		}
	}
	return list
}

// boxFields are what can be ticked.
func (x *Room) boxFields() (fields []web.Field) {
	for _, k := range catalogue.Kinds() {
		fields = append(fields, web.Field{Name: "box-" + k, Max: longestShort})
	}
	for _, s := range x.taking() {
		if !slices.Contains(catalogue.Kinds(), s.ID) {
			fields = append(fields, web.Field{Name: "box-" + s.ID, Max: longestShort})
		}
	}
	return fields
}

// readFurther reads what a disposition or a mandate needs.
func readFurther(f *web.Form, d actData, o *desk.Order) {
	var ticked []string
	for _, b := range d.Boxes {
		if f.Value("box-"+b.ID) != "" {
			ticked = append(ticked, b.ID)
		}
	}
	switch d.Act {
	case desk.SetMethod:
		o.Change = disposition.Change{Method: law.Method(f.Value("method")), Kinds: ticked}
		readWhere(f, &o.Change)
	case desk.SetLeast:
		level, err := strconv.Atoi(f.Value("level"))
		if o.Change = (disposition.Change{Act: disposition.Least, Level: law.Level(level)}); err != nil {
			f.Fail("level", "office.act.disposition.choose")
		}
	case desk.SetLock:
		o.Change.Act = disposition.Act(f.Value("lock"))
		if o.Change.Act != disposition.Lock && o.Change.Act != disposition.Unlock {
			f.Fail("lock", "office.act.disposition.choose")
		}
	case desk.GiveMandate:
		o.Representative, o.Wish = f.Value("other"), mandate.Wish{Services: ticked, Reveal: mandate.FullName}
		readWish(f, d.Ends, o)
	case desk.EndMandate:
		if o.Mandate = f.Value("mandate"); o.Mandate == "" {
			f.Fail("mandate", "office.act.mandate-end.missing")
		}
	}
}

func readWhere(f *web.Form, c *disposition.Change) {
	if c.Method == "" {
		f.Fail("method", "office.act.disposition.choose")
	}
	switch f.Value("where") {
	case everywhere:
		c.Act, c.Kinds = disposition.Allow, nil
	case nowhere:
		c.Act, c.Kinds = disposition.Forbid, nil
	case some:
		if c.Act = disposition.Limit; len(c.Kinds) == 0 {
			f.Fail("where", "office.act.disposition.kinds")
		}
	default:
		f.Fail("where", "office.act.disposition.choose")
	}
}

func readWish(f *web.Form, ends []monthChoice, o *desk.Order) {
	if o.Representative == "" {
		f.Fail("other", "office.act.mandate.other.missing")
	}
	if len(o.Wish.Services) == 0 {
		f.Fail("other", "office.act.mandate.services.missing")
	}
	n, err := strconv.Atoi(f.Value("months"))
	for _, m := range ends {
		if err == nil && m.Months == n {
			o.Wish.Until = m.Until
		}
	}
	if o.Wish.Until.IsZero() {
		f.Fail("months", "office.act.mandate.months.missing")
	}
}

// failedFurther says at its field what stands against a disposition or a mandate.
func failedFurther(f *web.Form, err error) bool {
	field := "method"
	for _, name := range []string{"level", "lock"} {
		if f.Value(name) != "" {
			field = name
		}
	}
	for known, at := range map[error][2]string{
		disposition.ErrSame: {field, "office.act.disposition.same"}, disposition.ErrChange: {field, "office.act.disposition.choose"},
		mandate.ErrMany: {"other", "office.act.mandate.many"}, mandate.ErrServices: {"other", "office.act.mandate.services.missing"},
		mandate.ErrUntil: {"months", "office.act.mandate.months.missing"}, mandate.ErrOwn: {"other", "office.act.mandate.other.missing"},
	} {
		if errors.Is(err, known) {
			f.Fail(at[0], at[1])
			return true
		}
	}
	return false
}
