package store

import "time"

// Metadata is what a service that speaks SAML publishes of itself, as it was
// fetched last.
type Metadata struct {
	Service string    // its id in the catalogue
	Address string    // where it was fetched
	Text    string    // the last that was good; "" for none yet
	Fetched time.Time // when that was
	Due     time.Time // when to look again
	Fault   string    // why the last look failed; "" if it did not
}

// PutMetadata keeps metadata in place of those before.
func (tx *Tx) PutMetadata(m Metadata) error {
	_, err := tx.exec(`INSERT INTO saml_metadata (service, address, text, fetched, due, fault) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (service) DO UPDATE SET address = excluded.address, text = excluded.text, fetched = excluded.fetched,
			due = excluded.due, fault = excluded.fault`,
		m.Service, m.Address, m.Text, millis(m.Fetched), millis(m.Due), m.Fault)
	return err
}

// RemoveMetadata forgets the metadata of a service.
func (tx *Tx) RemoveMetadata(service string) error {
	_, err := tx.exec("DELETE FROM saml_metadata WHERE service = $1", service)
	return err
}

// AllMetadata returns all metadata that were fetched, by service.
func (tx *Tx) AllMetadata() (found []Metadata, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var m Metadata
		var fetched, due int64
		err := scan(&m.Service, &m.Address, &m.Text, &fetched, &due, &m.Fault)
		m.Fetched, m.Due = fromMillis(fetched), fromMillis(due)
		found = append(found, m)
		return err
	}, "SELECT service, address, text, fetched, due, fault FROM saml_metadata ORDER BY service")
	return found, err
}
