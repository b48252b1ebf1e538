package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"kapu/internal/browsertest"
)

// picturesEnv names the folder for the pictures; make screenshots sets it.
const picturesEnv = "KAPU_SCREENSHOTS"

// Sizes of pictures; height 0 is the whole page.
const (
	pictureWidth  = 1200
	pictureHeight = 800
)

// TestScreenshots takes the pictures of the README on the way of a first citizen.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv(picturesEnv)
	if folder == "" {
		t.Skip(picturesEnv + " is not set: no pictures are taken (make screenshots does)")
	}
	b := browsertest.Start(t)
	h := open(t, "")
	s := studio{t, h, b, folder}
	s.desk()
	s.citizen()
	s.chooser()
	s.start()
}

// A studio takes pictures into a folder.
type studio struct {
	t      *testing.T
	house  *house
	b      *browsertest.Browser
	folder string
}

func (s studio) take(v visitor, name string, height int) {
	v.Screenshot(filepath.Join(s.folder, name+".png"), pictureWidth, height, false)
}

func (s studio) phone(v visitor, name string, dark bool) {
	v.Screenshot(filepath.Join(s.folder, name+".png"), browsertest.PhoneWidth, browsertest.PhoneHeight, dark)
}

// desk shows the register's answer when a customer states an old address.
func (s studio) desk() {
	clerk := s.house.visitor(s.t, s.b)
	clerk.at("/office")
	clerk.signsIn(s.house.Clerks[0])
	clerk.at("/office/registrations/new")
	moved := s.house.person("moved", 0)
	moved.Address.PostalCode, moved.Address.Settlement, moved.Address.Street = "5000", "Szolnok", "Baross utca 14."
	clerk.fillsData(moved)
	clerk.sees("office.answer.differs.title", "Count", 1)
	s.take(clerk, "desk", 0)
	clerk.registers(s.house.person("ordinary", newcomers[0].nth), newcomers[0].username, newcomers[0].email)
	s.take(clerk, "finished", 0)
}

// citizen goes from the mail to the portal by way of a service.
func (s studio) citizen() {
	citizen, n := s.house.visitor(s.t, s.b), newcomers[0]
	code := citizen.opensMail(n.email, activationMail[citizen.lang])
	s.take(citizen, "mail", 0)
	citizen.activatesWith(code, n.username, newPassword)
	citizen.sees("totp.enrol.title")
	s.take(citizen, "enrol", 0)
	citizen.enrols(newPassword)
	for _, service := range s.house.Services {
		citizen.reaches(service)
		citizen.answers(service, s.house.person("ordinary", n.nth), n.email)
		citizen.See(serviceWords[citizen.lang].signedIn)
	}
	s.take(citizen, "service", pictureHeight)
	citizen.at("/")
	s.take(citizen, "portal", 0)
	s.phone(citizen, "portal-phone", false)
	citizen.at("/account")
	s.take(citizen, "account", 0)
	citizen.at("/account/history")
	s.take(citizen, "history", 0)
}

func (s studio) chooser() {
	stranger := s.house.visitor(s.t, s.b)
	stranger.at("/")
	s.take(stranger, "welcome", 0)
	stranger.reaches(s.house.Services[0])
	stranger.sees("broker.choose.title")
	s.take(stranger, "chooser", pictureHeight)
	s.phone(stranger, "chooser-phone", true)
}

func (s studio) start() {
	newcomer := s.house.visitor(s.t, s.b)
	newcomer.at("/demo")
	s.take(newcomer, "demo", 0)
}
