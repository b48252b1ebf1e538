package office

import (
	"regexp"
	"strings"
	"testing"

	"kapu/internal/simulator/population"
	"kapu/internal/store/storetest"
)

var digests = regexp.MustCompile(`[2-9A-HJ-NP-Z]{4} [2-9A-HJ-NP-Z]{4}\b`)

// digest is what stands below the code of a paper.
func (s *stand) digest(path string) string {
	s.t.Helper()
	found := digests.FindAllString(s.paper(s.t, path), 2)
	if len(found) != 2 {
		s.t.Fatalf("%s bears no digest", path)
	}
	return strings.Join(found, " ")
}

func TestAPaperProvesWhatItSays(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	people := s.people.In(population.Ordinary)
	base := s.chosen(people[2], "KisAnna", "anna@example.hu")
	sheet := s.digest(base + "/sheet.pdf")
	if again := s.digest(base + "/sheet.pdf"); again != sheet {
		t.Errorf("the same sheet has %s and %s", sheet, again)
	}
	s.follow(base+"/account", choice(s.shown(s.get(base+"/account")), "NagyAnna", "anna@example.hu"))
	if changed := s.digest(base + "/sheet.pdf"); changed == sheet {
		t.Error("another username has the same digest")
	}
}
