package catalogue_test

import (
	"fmt"
	"strings"
	"testing"

	"kapu/internal/catalogue"
)

// released is a service that asks in every way there is.
func released() *catalogue.Service {
	return &catalogue.Service{
		ID: "tax", Name: map[string]string{"hu": "Adó"}, URL: "https://tax.example/", Level: "substantial", Ground: "2017. évi CL. törvény",
		Claims: []catalogue.Claim{catalogue.Name, catalogue.TaxNumber}, ConsentClaims: []catalogue.Claim{catalogue.Email, catalogue.Address},
		Demands: []catalogue.Claim{catalogue.TaxNumber}, Match: []catalogue.Claim{catalogue.TAJ, catalogue.BirthDate},
		OIDC: &catalogue.OIDC{ClientID: "tax", SecretDigest: "d", RedirectURIs: []string{"https://tax.example/cb"}},
	}
}

func TestWhatAServiceMayBeTold(t *testing.T) {
	if _, err := catalogue.New([]*catalogue.Service{released()}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*catalogue.Service)
		want   []string // all faults
	}{
		"claims without a ground": {func(s *catalogue.Service) { s.Ground, s.Match = "", nil }, []string{"data are released only on a legal ground"}},
		"match without a ground": {func(s *catalogue.Service) { s.Ground, s.Claims, s.Demands = "", nil, nil },
			[]string{"data are compared only on a legal ground"}},
		"an unknown claim":                       {func(s *catalogue.Service) { s.Claims = append(s.Claims, "shoe_size") }, []string{`claim "shoe_size" is not known`}},
		"an unknown one by consent":              {func(s *catalogue.Service) { s.ConsentClaims = []catalogue.Claim{"mood"} }, []string{`claim "mood" is not known`}},
		"by law and by consent":                  {func(s *catalogue.Service) { s.ConsentClaims = []catalogue.Claim{catalogue.Name} }, []string{`what the law gives needs no consent`}},
		"a demand of what nobody knows by heart": {func(s *catalogue.Service) { s.Demands = []catalogue.Claim{catalogue.Name} }, []string{`demands: "name" cannot be asked of a citizen`}},
		"a demand that it is not given":          {func(s *catalogue.Service) { s.Demands = []catalogue.Claim{catalogue.TAJ} }, []string{`demands: "taj" must be among the claims`}},
		"a demand given by consent only": {func(s *catalogue.Service) {
			s.Demands, s.ConsentClaims = []catalogue.Claim{catalogue.TAJ}, []catalogue.Claim{catalogue.TAJ}
		}, []string{`demands: "taj" must be among the claims`}},
		"a demand of people whom no register knows": {func(s *catalogue.Service) { s.Level, s.Provisional = "low", true }, []string{"leave one of the two out"}},
		"a match of what cannot be compared":        {func(s *catalogue.Service) { s.Match = []catalogue.Claim{catalogue.Email} }, []string{`match: "email" cannot be compared`}},
		"all at once": {func(s *catalogue.Service) {
			s.Claims, s.Demands, s.Match = []catalogue.Claim{"x"}, []catalogue.Claim{"y"}, []catalogue.Claim{"z"}
		}, []string{`claim "x"`, `demands: "y"`, `match: "z"`}},
	} {
		s := released()
		c.change(s)
		_, err := catalogue.New([]*catalogue.Service{s})
		said := strings.Split(fmt.Sprint(err), "\n")
		if len(said) != len(c.want) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, want := range c.want {
			if !strings.Contains(said[i], want) || !strings.Contains(said[i], `service "tax"`) {
				t.Errorf("%s: %s, want %s", name, said[i], want)
			}
		}
	}
}

func TestConsentAloneNeedsNoGround(t *testing.T) {
	s := released()
	s.Ground, s.Claims, s.Demands, s.Match = "", nil, nil, nil
	if _, err := catalogue.New([]*catalogue.Service{s}); err != nil {
		t.Error(err)
	}
}

func TestByLawAndByConsent(t *testing.T) {
	s := released()
	asked := []catalogue.Claim{catalogue.Email, catalogue.Name, catalogue.Email, catalogue.TAJ, "x"}
	if law, theirs := fmt.Sprint(s.OnGround(asked)), fmt.Sprint(s.OnConsent(asked)); law != "[name]" || theirs != "[email]" {
		t.Errorf("by law %s, by consent %s", law, theirs)
	}
	if names := fmt.Sprint(catalogue.Names(append(asked, catalogue.Name))); names != "[name email taj]" {
		t.Errorf("%s", names)
	}
}
