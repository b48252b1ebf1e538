package office

import (
	"net/http/httptest"
	"testing"

	"kapu/internal/browsertest"
	"kapu/internal/simulator/population"
	"kapu/internal/store/storetest"
)

func TestTheDeskIsWalkedByKeys(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	base := s.checked(s.people.In(population.Ordinary)[0])
	site := httptest.NewServer(s.handler)
	defer site.Close()
	p := browsertest.Start(t).Visitor(t)
	p.Visit(site.URL + base + "?lang=hu")
	p.See("Minden adat egyezik a nyilvántartással")
	p.Press("?")
	p.See("Minden művelet elvégezhető egér nélkül")
	p.Press("/")
	p.See("Pontos felhasználónévre")
	p.Press("n")
	p.See("Írja be az adatokat az okmányból")
	for _, violation := range p.Axe() {
		t.Error(violation)
	}
	for _, complaint := range p.Complaints() {
		t.Error(complaint)
	}
}
