package office

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/web"
)

var feeFields = []web.Field{{Name: "forints", Max: longestShort}, {Name: "receipt", Max: longestPlace}, versionField}

// showFee asks for the fee of a further account, and lets what is recorded of it
// be put right until the case is finished (R7).
func (x *Room) showFee(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	d, err := x.feeData(r, k)
	if err != nil {
		return x.onward(w, r, d.Case.ID, "", err)
	}
	var f *web.Form
	if fee := d.Case.Fee; fee != nil {
		f = web.NewForm(map[string]string{"forints": strconv.Itoa(fee.Forints), "receipt": fee.Receipt})
	}
	return x.feePage(w, r, http.StatusOK, d, f)
}

// feeData is a case that waits for a fee; one that has no accounts beside it is
// led back by registration.ErrStep.
func (x *Room) feeData(r *http.Request, k desk.Clerk) (caseData, error) {
	c, err := x.openCase(r, k)
	if err != nil {
		return caseData{Case: c}, err
	}
	d := x.caseData(c, stepAnswer)
	if err := x.known(r, &d); err != nil {
		return d, err
	}
	if !c.Stands().Allows(registration.Paid) || !x.Desk.Further(len(d.Accounts)) {
		return d, registration.ErrStep
	}
	return d, nil
}

func (x *Room) feePage(w http.ResponseWriter, r *http.Request, status int, d caseData, f *web.Form) error {
	d.Fee = x.fee(x.Desk.Now())
	return x.show(w, r, status, "further", d, f)
}

func (x *Room) pay(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, feeFields...)
	if err != nil {
		return err
	}
	d, err := x.feeData(r, k)
	if err != nil {
		return x.onward(w, r, d.Case.ID, "", err)
	}
	if f.Value("forints") == "" {
		f.Fail("forints", "office.further.forints.empty")
	}
	_, receipt := registration.ParseReceipt(f.Value("receipt"))
	refuse(f, "receipt", receipt)
	if f.OK() {
		_, err = x.Desk.Pay(r.Context(), k, d.Case.ID, version(f), forints(f.Value("forints")), f.Value("receipt"))
	}
	if !f.OK() || refusedFee(f, err) || refusedAt(f, err) {
		return x.feePage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	if d.Case.Stands() == registration.Declaration {
		return x.onward(w, r, d.Case.ID, "", err)
	}
	return x.onward(w, r, d.Case.ID, "/answer", err)
}

// refusedFee says at the fields what is wrong with a fee.
func refusedFee(f *web.Form, err error) bool {
	var wrong *desk.WrongFee
	switch {
	case errors.As(err, &wrong):
		f.Fail("forints", "office.further.forints.wrong", "Fee", thousands(wrong.Want))
	case errors.Is(err, desk.ErrReceipt):
		f.Fail("receipt", "office.further.receipt.used")
	default:
		return false
	}
	return true
}

// forints reads a sum as people write it on receipts: "3 000", "3.000 Ft",
// "3000,-". What is no sum is no forints, which no fee is.
func forints(typed string) int {
	typed = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(strings.ToLower(typed)), "ft"), "huf")
	typed = strings.TrimSuffix(strings.TrimSpace(typed), ",-")
	n, err := strconv.Atoi(strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == '.' {
			return -1
		}
		return c
	}, typed))
	if err != nil {
		return 0
	}
	return n
}

// fee is that of a further account as the page shows it, or "" when the law sets none.
func (x *Room) fee(at time.Time) string {
	forints, set := x.Desk.Law.FurtherAccountFee(at)
	if !set {
		return ""
	}
	return thousands(forints)
}

// thousands is a sum as people read it: "3 000", with a blank that does not break.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u00a0" + digits[i:]
	}
	return digits
}
