package store

import "time"

// NoteServiceAddress records that a service has proved who it is from an address.
func (tx *Tx) NoteServiceAddress(service, address string, seen time.Time) error {
	_, err := tx.exec(`INSERT INTO service_addresses (service, address, seen) VALUES ($1, $2, $3)
		ON CONFLICT (service, address) DO UPDATE SET seen = excluded.seen WHERE service_addresses.seen < excluded.seen`, service, address, millis(seen))
	return err
}

// ServiceAddresses are the addresses of each service that was seen since then.
func (tx *Tx) ServiceAddresses(since time.Time) (addresses map[string][]string, err error) {
	addresses = map[string][]string{}
	err = tx.each(func(scan func(...any) error) error {
		var service, address string
		err := scan(&service, &address)
		addresses[service] = append(addresses[service], address)
		return err
	}, "SELECT service, address FROM service_addresses WHERE seen >= $1 ORDER BY service, address", millis(since))
	return addresses, err
}

// ForgetServiceAddresses forgets those that were seen before then and not since.
func (tx *Tx) ForgetServiceAddresses(before time.Time) error {
	_, err := tx.exec("DELETE FROM service_addresses WHERE seen < $1", millis(before))
	return err
}

// KeyFetch is that a signing key was fetched.
type KeyFetch struct {
	KID     string
	Address string // keyed digest of where it was fetched from
	Service string // as the request named it; "": it named none
}

// NoteKeyFetch records a fetch; the first of its like counts.
func (tx *Tx) NoteKeyFetch(f KeyFetch, seen time.Time) error {
	_, err := tx.exec("INSERT INTO key_fetches (kid, address, service, seen) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", f.KID, f.Address, f.Service, millis(seen))
	return err
}

// KeyFetches are those of one key.
func (tx *Tx) KeyFetches(kid string) (found []KeyFetch, err error) {
	err = tx.each(func(scan func(...any) error) error {
		f := KeyFetch{KID: kid}
		err := scan(&f.Address, &f.Service)
		found = append(found, f)
		return err
	}, "SELECT address, service FROM key_fetches WHERE kid = $1 ORDER BY address, service", kid)
	return found, err
}

// ForgetKeyFetches forgets who fetched a key.
func (tx *Tx) ForgetKeyFetches(kid string) error {
	_, err := tx.exec("DELETE FROM key_fetches WHERE kid = $1", kid)
	return err
}
