package provider

import (
	"testing"

	"kapu/internal/catalogue"
)

// A claim that is missing there would never be read, and so never be told.
func TestEveryClaimAboutAPersonIsReadFromSomewhere(t *testing.T) {
	for _, c := range catalogue.Claims() {
		if _, known := fieldOf[c]; known != ofPerson(c) {
			t.Errorf("%s: read from a field %v, about the person %v", c, known, ofPerson(c))
		}
	}
}
