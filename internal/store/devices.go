package store

import "time"

// Device is a browser that has signed in to an account and is remembered.
type Device struct {
	ID      string
	Account string
	Kind    string    // of browser and device; see package useragent
	First   time.Time // the day on which it signed in first
	Last    time.Time // and last
}

// deviceDay is how coarsely it is kept when a device was used.
const deviceDay = 24 * time.Hour

// RememberDevice records that a device has signed in today, and forgets those of the
// account beyond most, the longest unused first. A device that was forgotten stays
// so: its id must not come back, so callers give a new one.
func (tx *Tx) RememberDevice(person string, d Device, since time.Time, most int) error {
	key, err := tx.PersonalKey(person)
	if err != nil {
		return err
	}
	today := millis(tx.Now.Truncate(deviceDay))
	_, err = tx.exec(`INSERT INTO devices (id, account, kind, first_day, last_day) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, last_day = excluded.last_day WHERE devices.account = excluded.account AND devices.last_day > $5`,
		d.ID, d.Account, key.Encrypt(place("devices", "kind", d.ID), d.Kind), today, millis(since))
	if err != nil {
		return err
	}
	_, err = tx.exec(`DELETE FROM devices WHERE account = $1 AND id NOT IN
		(SELECT id FROM devices WHERE account = $1 ORDER BY last_day DESC, id DESC LIMIT $2)`, d.Account, most)
	return err
}

// DeviceKnown tells whether a device is remembered for an account, and was used since.
func (tx *Tx) DeviceKnown(id, account string, since time.Time) (bool, error) {
	var last int64
	err := tx.row([]any{&last}, "SELECT last_day FROM devices WHERE id = $1 AND account = $2", id, account)
	if err == ErrNotFound {
		return false, nil
	}
	return last > millis(since), err
}

// DevicesOf are the devices that are remembered for a person's accounts and were
// used since, the last used first.
func (tx *Tx) DevicesOf(person string, since time.Time) (all []Device, err error) {
	var sealed []string
	err = tx.each(func(scan func(...any) error) error {
		var d Device
		var kind string
		var first, last int64
		err := scan(&d.ID, &d.Account, &kind, &first, &last)
		d.First, d.Last = fromMillis(first), fromMillis(last)
		all, sealed = append(all, d), append(sealed, kind)
		return err
	}, `SELECT d.id, d.account, d.kind, d.first_day, d.last_day FROM devices d JOIN accounts a ON a.id = d.account
		WHERE a.person = $1 AND d.last_day > $2 ORDER BY d.last_day DESC, d.id DESC`, person, millis(since))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	key, err := tx.PersonalKey(person)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Kind, err = key.Decrypt(place("devices", "kind", all[i].ID), sealed[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// ForgetDevice no longer remembers a device of one of the person's accounts.
// ErrNotFound: it was not remembered.
func (tx *Tx) ForgetDevice(person, id string) error {
	return tx.one(ErrNotFound, "DELETE FROM devices WHERE id = $1 AND account IN (SELECT a.id FROM accounts a WHERE a.person = $2)", id, person)
}

// SweepDevices forgets at most limit of those that were not used since, and says
// how many.
func (tx *Tx) SweepDevices(since time.Time, limit int) (int64, error) {
	return tx.exec("DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE last_day <= $1 LIMIT $2)", millis(since), limit)
}
