package herald

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

const (
	statementBatch = 20   // people at once; each is a transaction
	readAtOnce     = 100  // entries of a history
	readAtMost     = 5000 // of a month: whoever has more reads their history
	linesAtMost    = 100
	monthsOfYear   = 12
)

// monthOf counts months from year 0 on, by the calendar in Budapest.
func monthOf(t time.Time) int64 {
	t = t.In(law.Budapest)
	return int64(t.Year())*monthsOfYear + int64(t.Month()) - 1
}

// beginning is the first moment of a month.
func beginning(month int64) time.Time {
	return time.Date(int(month/monthsOfYear), time.Month(month%monthsOfYear)+1, 1, 0, 0, 0, 0, law.Budapest)
}

// Statements sends the statements of the last month to those who wish them, once its day has come, and says to how
// many. It may be interrupted anywhere and run in several processes at once.
func (h *Herald) Statements(ctx context.Context) (sent int, err error) {
	now := h.Now().In(law.Budapest)
	last := monthOf(now) - 1
	if now.Day() < h.Law.StatementDay(now) {
		last--
	}
	for {
		var people []string
		err := h.DB.View(ctx, func(tx *store.Tx) (err error) {
			people, err = tx.DueStatements(last, statementBatch)
			return err
		})
		if err != nil || len(people) == 0 {
			return sent, err
		}
		for _, person := range people {
			if err := h.DB.Update(ctx, func(tx *store.Tx) error { return h.state(tx, person, last) }); err != nil {
				return sent, err
			}
			sent++
		}
	}
}

// state sends one statement. Months that passed while nobody sent any are not made up for: the history has them.
func (h *Herald) state(tx *store.Tx, person string, month int64) error {
	n, err := tx.Notices(person)
	if errors.Is(err, store.ErrNotFound) || err == nil && (n.Statement == 0 || n.Statement > month) {
		return nil // gone, or somebody else was first
	}
	if err != nil {
		return err
	}
	if err := tx.StatementSent(person, n.Statement, month+1); err != nil {
		if errors.Is(err, store.ErrStale) {
			return nil
		}
		return err
	}
	accounts, err := tx.AccountsOf(person)
	if err != nil || len(accounts) == 0 {
		return err
	}
	a := accounts[0]
	lines, err := h.lines(tx, person, a.Lang, month)
	if err != nil {
		return err
	}
	m := notify.Statement{Month: beginning(month), Lines: lines, Link: h.Home + "/history"}
	if err := notify.Post(tx, notify.Recipient{Email: a.Email.String(), Lang: a.Lang}, m); err != nil {
		return err
	}
	_, err = h.Ledger.Append(tx, person, ledger.NoticeSent{Template: notify.KindOf(m), Medium: notify.Mail, Account: a.ID})
	return err
}

// lines count what a month's history holds.
func (h *Herald) lines(tx *store.Tx, person, lang string, month int64) ([]notify.Line, error) {
	from, to, counts := beginning(month), beginning(month+1), map[notify.Line]int{}
	last := ""
	for range readAtMost / readAtOnce {
		records, err := h.Ledger.History(tx, person, last, readAtOnce)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if line, counted := h.line(tx, r.Event, lang); counted && !r.At.Before(from) && r.At.Before(to) {
				counts[line]++
			}
			last = r.ID
		}
		if len(records) < readAtOnce || records[len(records)-1].At.Before(from) {
			break
		}
	}
	return sorted(counts), nil
}

// order is how a statement's lines follow one another.
var order = []string{"signin", "release", "change", "office"}

func sorted(counts map[notify.Line]int) (lines []notify.Line) {
	for line, n := range counts {
		line.Count = n
		lines = append(lines, line)
	}
	slices.SortFunc(lines, func(a, b notify.Line) int {
		return cmp.Or(slices.Index(order, a.Kind)-slices.Index(order, b.Kind), b.Count-a.Count, cmp.Compare(a.Method, b.Method), cmp.Compare(a.Name, b.Name))
	})
	if len(lines) == 0 {
		return []notify.Line{{Kind: order[0]}} // none: that is worth saying, too
	}
	return lines[:min(len(lines), linesAtMost)]
}

// line is where an entry is counted. It names services and offices, never anybody.
func (h *Herald) line(tx *store.Tx, e ledger.Event, lang string) (l notify.Line, counted bool) {
	switch e := e.(type) {
	case ledger.Identified:
		return notify.Line{Kind: "signin", Method: e.Method}, true
	case ledger.Released:
		return notify.Line{Kind: "release", Name: h.Service(e.Service, lang)}, true
	case ledger.LookedUp:
		return notify.Line{Kind: "office", Name: officeName(tx, e.Office)}, true
	case ledger.DeskActed:
		return notify.Line{Kind: "office", Name: officeName(tx, e.Office)}, true
	case ledger.PasswordSet, ledger.FactorAdded, ledger.FactorRemoved, ledger.FactorRevoked, ledger.EmailChanged, ledger.DispositionChanged,
		ledger.AccountExtended, ledger.ConsentDecided, ledger.ConsentWithdrawn, ledger.NoticesSet, ledger.PhoneProven, ledger.PhoneRemoved:
		return notify.Line{Kind: "change"}, true
	}
	return l, false
}

// officeName is an office's name, or its id where it is not known any more.
func officeName(tx *store.Tx, id string) string {
	o, err := tx.Office(id)
	if err != nil {
		return id
	}
	return o.Name
}
