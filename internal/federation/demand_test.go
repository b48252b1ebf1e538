package federation_test

import (
	"testing"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/law"
)

var (
	plus  = authn.Method{Name: law.TOTP, Level: law.Substantial, Factors: []authn.Factor{"a"}}
	phone = authn.Method{Name: law.Phone, Level: law.Low, Factors: []authn.Factor{"c"}}
	card  = authn.Method{Name: law.Card, Level: law.High, Factors: []authn.Factor{"d"}}
)

func TestAsserted(t *testing.T) {
	low, substantial, high := authn.ACR(law.Low), authn.ACR(law.Substantial), authn.ACR(law.High)
	for _, test := range []struct {
		reached authn.Method
		demand  federation.Demand
		name    string
	}{
		{plus, federation.Demand{}, substantial},
		{card, federation.Demand{Named: []string{substantial}}, high},                            // it may know what was reached
		{card, federation.Demand{Named: []string{low, substantial}, Insists: true}, substantial}, // but insists on these
		{card, federation.Demand{Named: []string{plus.ACR(), card.ACR()}, Insists: true}, card.ACR()},
		{plus, federation.Demand{Named: []string{substantial, plus.ACR()}}, plus.ACR()},
		{plus, federation.Demand{Named: []string{high, substantial}, Insists: true}, substantial},
		{card, federation.Demand{Most: law.Substantial}, substantial},
	} {
		if name, level := test.demand.Asserted(test.reached); name != test.name || level > test.reached.Level {
			t.Errorf("%s, %+v: %s", test.reached.Name, test.demand, name)
		}
	}
}

func TestALevelIsWithinReachOrNot(t *testing.T) {
	rules := authn.Rules{Methods: []authn.Method{plus, phone}}
	from := func(level string) *federation.Demand {
		d := federation.DemandOf(&catalogue.Service{Level: level})
		return &d
	}
	if d := from("low"); !d.AtLeast(law.Substantial, rules) || d.Level != law.Substantial {
		t.Errorf("%+v", d)
	}
	if from("low").AtLeast(law.High, rules) {
		t.Error("nobody reaches high")
	}
	if d := from("substantial"); !d.AtLeast(law.Low, rules) || d.Level != law.Substantial {
		t.Errorf("a request lowers what the service is registered for: %+v", d)
	}
	if d := from("low"); !d.AsStrongAs(law.High, rules) || d.Level != law.Substantial || d.Most != law.High {
		t.Errorf("the strongest that there is: %+v", d)
	}
	if d := from("low"); !d.AsStrongAs(law.Low, rules) || d.Level != law.Low || d.Most != law.Low {
		t.Errorf("no stronger than asked: %+v", d)
	}
	if from("substantial").AsStrongAs(law.Low, rules) {
		t.Error("less than the service is registered for")
	}
}

func TestWhatIsGranted(t *testing.T) {
	s := &catalogue.Service{Claims: []catalogue.Claim{catalogue.Name}, ConsentClaims: []catalogue.Claim{catalogue.Email, catalogue.Address}}
	asked := []catalogue.Claim{catalogue.Name, catalogue.Email, catalogue.TAJ}
	for allowed, want := range map[string]int{"": 1, "email": 2, "address": 1, "taj": 1} {
		if got := federation.Granted(s, asked, []string{allowed}); len(got) != want || got[0] != catalogue.Name {
			t.Errorf("allowed %q: %v", allowed, got)
		}
	}
}

// A claim that is missing there would never be read, and so never be told.
func TestEveryClaimAboutAPersonIsReadFromSomewhere(t *testing.T) {
	for _, c := range catalogue.Claims() {
		if about := c != catalogue.Email; (len(federation.Fields([]catalogue.Claim{c})) == 1) != about {
			t.Errorf("%s: read from %v", c, federation.Fields([]catalogue.Claim{c}))
		}
	}
}
