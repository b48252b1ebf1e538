package web

import (
	"errors"
	"slices"

	"kapu/internal/identity"
)

// Form is what a visitor typed and what is wrong with it. A page shows the first so that nothing is typed twice,
// and the second on top and at the field. A nil *Form shows an empty form.
type Form struct {
	values map[string]string
	secret map[string]bool
	wrong  []Wrong
}

// Wrong is one failure: which field, and the key and arguments of the sentence that says what to do.
type Wrong struct {
	Field string
	Key   string
	Args  []any // name, value, name, value … as for the template function t
}

// NewForm is a form filled in beforehand.
func NewForm(values map[string]string) *Form {
	if values == nil {
		values = map[string]string{}
	}
	return &Form{values: values, secret: map[string]bool{}}
}

// Value is what was typed into the field, cleaned as ReadForm says; empty if nothing was.
func (f *Form) Value(name string) string {
	if f == nil {
		return ""
	}
	return f.values[name]
}

// Set puts a value into the field, for a page that shows the form again with something corrected.
func (f *Form) Set(name, value string) { f.values[name] = value }

// Checked says whether a checkbox was ticked.
func (f *Form) Checked(name string) bool { return f.Value(name) != "" }

// Fail says that something is wrong with a field; key names the sentence, args are its names and values in turn.
// An empty field means the form as a whole. The first failure of a field is the one shown at it.
func (f *Form) Fail(field, key string, args ...any) {
	f.wrong = append(f.wrong, Wrong{field, key, args})
}

// FailInvalid fails a field for the reason a parser of package identity gave, in the shell's words for it.
// It reports whether err is such a refusal; another error, or none, changes nothing.
func (f *Form) FailInvalid(field string, err error) bool {
	var invalid *identity.Invalid
	if !errors.As(err, &invalid) {
		return false
	}
	f.Fail(field, reasonPrefix+invalid.Field+"."+invalid.Reason)
	return true
}

// OK says that nothing failed so far.
func (f *Form) OK() bool { return f == nil || len(f.wrong) == 0 }

// Failures lists what failed, the first of each field only, in the order found.
func (f *Form) Failures() []Wrong {
	if f == nil {
		return nil
	}
	var out []Wrong
	for _, w := range f.wrong {
		if !slices.ContainsFunc(out, func(o Wrong) bool { return o.Field == w.Field && w.Field != "" }) {
			out = append(out, w)
		}
	}
	return out
}

// failure is the failure shown at a field.
func (f *Form) failure(field string) (Wrong, bool) {
	if f == nil {
		return Wrong{}, false
	}
	i := slices.IndexFunc(f.wrong, func(w Wrong) bool { return w.Field == field })
	if i < 0 {
		return Wrong{}, false
	}
	return f.wrong[i], true
}

// shown is what goes back into the page: never a secret.
func (f *Form) shown(name string) string {
	if f == nil || f.secret[name] {
		return ""
	}
	return f.values[name]
}
