package register_test

import (
	"errors"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/register"
)

func confirmed() register.Verdict {
	verdict := register.Verdict{
		Trace: "T-1", Person: register.Alive, Document: register.DocumentValid,
		Reference: "r", Record: &identity.Person{},
	}
	for _, field := range register.Fields() {
		verdict.Findings = append(verdict.Findings, register.Finding{Field: field, Result: register.Match})
	}
	return verdict
}

func TestOnlyFullAgreementConfirms(t *testing.T) {
	if verdict := confirmed(); !verdict.Confirmed() || verdict.Validate() != nil {
		t.Fatalf("full agreement: %t, %v", verdict.Confirmed(), verdict.Validate())
	}
	for name, spoil := range map[string]func(*register.Verdict){
		"nothing at all":       func(v *register.Verdict) { *v = register.Verdict{} },
		"deceased":             func(v *register.Verdict) { v.Person = register.Deceased },
		"lost document":        func(v *register.Verdict) { v.Document = register.DocumentLost },
		"one field differs":    func(v *register.Verdict) { v.Findings[4].Result = register.Differs },
		"one field unchecked":  func(v *register.Verdict) { v.Findings[2].Result = register.NotChecked },
		"one field left out":   func(v *register.Verdict) { v.Findings = v.Findings[:6] },
		"a result of no words": func(v *register.Verdict) { v.Findings[0].Result = "" },
	} {
		verdict := confirmed()
		spoil(&verdict)
		if verdict.Confirmed() {
			t.Errorf("%s: confirmed", name)
		}
	}
}

func TestAVerdictThatContradictsItselfIsNotUnderstood(t *testing.T) {
	for name, spoil := range map[string]func(*register.Verdict){
		"a record though a field differs": func(v *register.Verdict) { v.Findings[0].Result = register.Differs },
		"confirmed without a record":      func(v *register.Verdict) { v.Record = nil },
		"confirmed without a reference":   func(v *register.Verdict) { v.Reference = "" },
		"no trace number":                 func(v *register.Verdict) { v.Trace = "" },
		"a new word for a person":         func(v *register.Verdict) { v.Person = "sleeping" },
		"a new word for a document":       func(v *register.Verdict) { v.Document = "fine" },
		"fields in another order":         func(v *register.Verdict) { v.Findings[0], v.Findings[1] = v.Findings[1], v.Findings[0] },
		"a field twice":                   func(v *register.Verdict) { v.Findings[1] = v.Findings[0] },
		"a strange part":                  func(v *register.Verdict) { v.Findings[0].Parts = []register.Part{"nose"} },
		"parts of a match":                func(v *register.Verdict) { v.Findings[0].Parts = []register.Part{register.Given} },
	} {
		verdict := confirmed()
		spoil(&verdict)
		if err := verdict.Validate(); !errors.Is(err, register.ErrProtocol) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFieldWithoutAFindingIsNotChecked(t *testing.T) {
	if got := (register.Verdict{}).Of(register.BirthDate); got.Result != register.NotChecked || got.Field != register.BirthDate {
		t.Errorf("%+v", got)
	}
}
