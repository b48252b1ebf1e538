package office

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"kapu/internal/law"
	"kapu/internal/life"
	desk "kapu/internal/registration/office"
	"kapu/internal/simulator/population"
	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

func TestAnEmailThatIsNoneIsSentNowhere(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	base := s.checked(s.people.In(population.Ordinary)[0])
	v := s.shown(s.get(base + "/account"))
	for name, c := range map[string][2]string{
		"a header":            {"KovacsAnna", "anna@example.hu\r\nBcc: mind@example.hu"},
		"two addresses":       {"KovacsAnna", "anna@example.hu,bela@example.hu"},
		"no domain":           {"KovacsAnna", "anna@"},
		"a very long address": {"KovacsAnna", strings.Repeat("a", 300) + "@example.hu"},
		"a short username":    {"Ann", "anna@example.hu"},
		"digits":              {"Anna1968", "anna@example.hu"},
		"no username":         {"", "anna@example.hu"},
		"a Cyrillic а":        {"KovаcsAnna", "anna@example.hu"},
	} {
		t.Run(name, func(t *testing.T) {
			s := *s
			s.t = t
			w := s.post(base+"/account", choice(v, c[0], c[1]))
			s.sees(w, http.StatusUnprocessableEntity, "Valamit még javítani kell")
		})
	}
	longer := choice(v, "KovacsAnna", "anna@example.hu")
	for _, years := range []string{"0", "6", "-1", "", "sok"} {
		longer.Set("years", years)
		s.sees(s.post(base+"/account", longer), http.StatusUnprocessableEntity)
	}
	twice := choice(v, "KovacsAnna", "anna@example.hu")
	twice.Add("email", "bela@example.hu")
	s.sees(s.post(base+"/account", twice), http.StatusBadRequest)
	longer.Set("years", "2")
	s.follow(base+"/account", longer)
	s.sees(s.get(base), http.StatusOK, "2 évig")
}

func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	r := httptest.NewRequest(http.MethodPost, "/office/registrations", strings.NewReader(statement(s.people.People()[0], 0).Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("status %d", w.Code)
	}
}

// FuzzDataForm: whatever is posted, the form is either read into data that fill
// the same form again, or says what is wrong at a field it has.
func FuzzDataForm(f *testing.F) {
	f.Add("document-kind=passport&document-number=BA1234567&document-issued=2022-02-10&birth-family=K&birth-date=1985.03.12.&country=HU")
	for _, e := range population.New(population.Options{Now: storetest.NewClock().Now, Size: 30}).People() {
		f.Add(statement(e, 0).Encode())
	}
	f.Fuzz(func(t *testing.T, body string) {
		form, err := readFuzzed(body, dataFields)
		if err != nil {
			var problem *web.Problem
			if !errors.As(err, &problem) {
				t.Fatalf("%v", err)
			}
			return
		}
		stated := readStated(form)
		if form.OK() {
			again := filled(stated)
			if readStated(again); !again.OK() {
				t.Fatalf("what was accepted is refused the second time: %v", again.Failures())
			}
			_ = law.Default().DocumentRefusal(stated.Document, sampleTime)
		}
		for _, wrong := range form.Failures() {
			if !hasField(dataFields, wrong.Field) {
				t.Fatalf("a failure at %q, which is no field", wrong.Field)
			}
		}
	})
}

// FuzzSearchForm: a search is refused or goes by something.
func FuzzSearchForm(f *testing.F) {
	f.Add("username=KissAnna")
	f.Add("email=a%40b.hu&family=%C5%90&given=Ida&born=1988-01-08")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := readFuzzed(body, searchFields)
		if err != nil {
			return
		}
		s := readSearch(form)
		if form.OK() && s.Username == "" && s.Email == "" && (s.BirthName.IsZero() || s.BirthDate.IsZero()) {
			t.Fatal("a search for everything")
		}
	})
}

func readFuzzed(body string, fields []web.Field) (*web.Form, error) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return web.ReadForm(httptest.NewRecorder(), r, fields...)
}

func hasField(fields []web.Field, name string) bool {
	for _, f := range fields {
		if f.Name == name {
			return true
		}
	}
	return false
}

// FuzzActForm: whatever is posted for an act, the order has a listed reason, words
// where it needs them, and what the act is about; or the form says what is wrong.
func FuzzActForm(f *testing.F) {
	f.Add("extend", "reason=request&years=5")
	f.Add("email", "reason=other&words=KF%2F12&email=a%40b.hu")
	f.Add("stop", "reason=misuse&kind=delete")
	f.Add("delete", "reason=presence")
	f.Fuzz(func(t *testing.T, act, body string) {
		form, err := readFuzzed(body, actFields)
		if err != nil {
			return
		}
		o := readOrder(form, actData{Act: desk.Act(act), Opened: desk.Opened{Waiting: []life.Pending{{Kind: life.Delete}}}})
		for _, wrong := range form.Failures() {
			if !hasField(actFields, wrong.Field) {
				t.Fatalf("a failure at %q, which is no field", wrong.Field)
			}
		}
		if !form.OK() {
			return
		}
		known := slices.Contains(desk.Reasons(), o.Reason) && (o.Reason != "other" || o.Words != "")
		if !known || act == "stop" && o.Kind != life.Delete || act == "email" && o.Email == "" {
			t.Fatalf("accepted: %+v", o)
		}
	})
}
