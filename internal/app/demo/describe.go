package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"kapu/internal/identity"
)

// Description is what demo.json says: where everything is and whom one can be.
type Description struct {
	Issuer    string    `json:"issuer"`
	Start     string    `json:"start"` // the demo's first page
	Portal    string    `json:"portal"`
	Office    string    `json:"office"`
	Inbox     string    `json:"inbox"`
	Gallery   string    `json:"gallery"`
	Register  string    `json:"register"`  // the population register's own address (mutual TLS)
	Telephone string    `json:"telephone"` // whom a softphone calls
	Services  []Service `json:"services"`
	Clerks    []Login   `json:"clerks"`
	Citizens  []Login   `json:"citizens"`
	People    []Entry   `json:"people"`
}

// Service is a demo service.
type Service struct {
	ID           string `json:"id"` // in the catalogue
	Name         string `json:"name"`
	URL          string `json:"url"`
	Protocol     string `json:"protocol"` // "oidc" or "saml"
	ClientID     string `json:"client_id,omitempty"`
	ClientSecret string `json:"client_secret,omitempty"`
	EntityID     string `json:"entity_id,omitempty"` // in SAML
}

// Login is somebody with an account. Situation says in a word why they are here.
type Login struct {
	Name       string `json:"name"`
	Username   string `json:"username"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totp_secret"` // base32; "" without Ügyfélkapu+
	Email      string `json:"email"`
	TaxNumber  string `json:"tax_number"` // services may demand it; it stands on a card in their pocket
	TAJ        string `json:"taj"`
	Phone      string `json:"phone"` // telephone identifier; its one-time password is in the inbox
	State      string `json:"state"`
	Situation  string `json:"situation"`
}

// Entry is a person in the register who has no account, with every field that a
// desk would type.
type Entry struct {
	Situation       string            `json:"situation"`
	Sentence        map[string]string `json:"sentence"`
	CurrentName     identity.Name     `json:"current_name"`
	BirthName       identity.Name     `json:"birth_name"`
	MotherBirthName identity.Name     `json:"mother_birth_name"`
	BirthPlace      string            `json:"birth_place"`
	BirthDate       identity.Date     `json:"birth_date"`
	Nationality     string            `json:"nationality"`
	Address         identity.Address  `json:"address"`
	Document        identity.Document `json:"document"`
	PersonalID      string            `json:"personal_id"`
	TaxNumber       string            `json:"tax_number"`
	TAJ             string            `json:"taj"`
}

// fileName is the machine-readable description within the data folder.
const fileName = "demo.json"

// write puts the description in place in one step, so that whoever waits for
// the file never reads half of it.
func (d *Description) write(dir string) error {
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, fileName)
	if err := os.WriteFile(path+".new", append(data, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Print writes for a person at a terminal where everything is and whom to be.
func (d *Demo) Print(w io.Writer) {
	fmt.Fprintf(w, "\n  kapu is open. Start here:  %s\n\n", d.Start)
	for _, line := range [][2]string{
		{"Citizen's portal", d.Portal}, {"Desk", d.Office}, {"Inbox", d.Inbox}, {"Telephone", d.Telephone}, {"Every page", d.Gallery},
	} {
		fmt.Fprintf(w, "  %-18s %s\n", line[0], line[1])
	}
	for _, s := range d.Services {
		fmt.Fprintf(w, "  %-18s %s  (%s)\n", "Service", s.URL, s.Name)
	}
	fmt.Fprintf(w, "\n  Clerk    %-24s password %s\n", d.Clerks[0].Username, Password)
	fmt.Fprintf(w, "  Citizen  %-24s password %s\n", d.Citizens[0].Username, Password)
	fmt.Fprintf(w, "  Codes    %s/demo/app shows the six digits for both\n", d.Issuer)
	fmt.Fprintf(w, "\n  All of it for programs: %s\n  Stop with Ctrl+C.\n\n", filepath.Join(d.options.Data, fileName))
}
