package identity_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kapu/internal/identity"
)

func TestNames(t *testing.T) {
	for _, c := range []struct{ family, given, want, reason string }{
		{"Kovács", "Anna", "Kovács Anna", ""},
		{" Kis -Nagy", "  Anna   Mária ", "Kis -Nagy Anna Mária", ""},
		{"O'Brien", "Patrick", "O'Brien Patrick", ""},
		{"O", "A", "O A", ""},
		{"dr. Szabó", "Péter", "dr. Szabó Péter", ""},
		{"Nguyễn", "Thị", "Nguyễn Thị", ""},
		{"o\u030bri", "", "őri", ""},
		{"", "Anna", "", "empty"},
		{"Kovács2", "Anna", "", "alphabet"},
		{"Kovács", "<b>", "", "alphabet"},
		{strings.Repeat("a", 121), "Anna", "", "long"},
	} {
		got, err := identity.ParseName("birth-name", c.family, c.given)
		expect(t, c.family+"|"+c.given, got.String(), err, c.want, c.reason)
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ country, code, settlement, street, want, reason string }{
		{"hu", "1055", " Budapest ", "Kossuth Lajos tér 1-3.", "1055 Budapest, Kossuth Lajos tér 1-3.", ""},
		{"DE", "10115", "Berlin", "Invalidenstraße 1", "10115 Berlin, Invalidenstraße 1", ""},
		{"HU", "0123", "Budapest", "Fő utca 1.", "", "format"},
		{"HU", "105", "Budapest", "Fő utca 1.", "", "format"},
		{"Hungary", "1055", "Budapest", "Fő utca 1.", "", "format"},
		{"HU", "1055", "", "Fő utca 1.", "", "empty"},
		{"HU", "1055", "Budapest", "\x1b[31m", "", "alphabet"},
		{"HU", "1055", "Budapest", strings.Repeat("ő", 201), "", "long"},
		{"DE", "1234567890123", "Berlin", "Ufer 1", "", "long"},
	} {
		got, err := identity.ParseAddress(c.country, c.code, c.settlement, c.street)
		line := ""
		if got != (identity.Address{}) {
			line = got.PostalCode + " " + got.Settlement + ", " + got.Street
		}
		expect(t, c.street, line, err, c.want, c.reason)
	}
}

// The shape is kept by stored records and by the population register's interface.
func TestPersonInJSON(t *testing.T) {
	const written = `{"current_name":{"family":"Kis","given":"Anna"},` +
		`"birth_name":{"family":"Nagy","given":"Anna"},"mother_birth_name":{"family":"Őri","given":"Éva"},` +
		`"birth_place":"Pécs","birth_date":"1985-03-12",` +
		`"address":{"country":"HU","postal_code":"7621","settlement":"Pécs","street":"Fő utca 1."},` +
		`"nationality":"HU","personal_id":"18503120010","tax_number":"8431690011","taj":"123456788"}`
	var person identity.Person
	if err := json.Unmarshal([]byte(written), &person); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(person); err != nil || string(again) != written {
		t.Errorf("got %s, %v", again, err)
	}
}
