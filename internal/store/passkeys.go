package store

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// PasskeyKind is the kind of the credential that stands for an account's passkeys
// among the others, as long as there is one that signs in.
const PasskeyKind = "passkey"

// Passkey is one of an account's passkeys (Web Authentication, section 4, "credential record").
type Passkey struct {
	ID         string
	Account    string
	Credential []byte // the id that the authenticator gave it
	PublicKey  []byte // COSE_Key (RFC 9052, 7)
	Model      []byte // AAGUID of the authenticator; zeros where it keeps that to itself
	Synced     bool   // may be copied to other devices of its owner ("backup eligible")
	BackedUp   bool   // has been
	Name       string // what the citizen calls it
	Counter    uint32
	Suspected  time.Time // when a copy of it was seen; it signs nobody in since
	Created    time.Time
	LastUsed   time.Time
}

// sealedKey is what of a passkey is sealed: changing it would let somebody else in.
type sealedKey struct {
	PublicKey []byte `json:"k"`
	Model     []byte `json:"m"`
	Synced    bool   `json:"s"`
}

// AddPasskey records another passkey, unless the account has as many as most.
// ErrStale: it has. ErrTaken: the key is known already.
func (tx *Tx) AddPasskey(k Passkey, most int) error {
	if err := tx.markPasskeys(k.Account); err != nil {
		return err
	}
	all, err := tx.Passkeys(k.Account)
	if err != nil {
		return err
	}
	if len(all) >= most {
		return ErrStale
	}
	k.ID = NewID()
	key, name, err := tx.sealPasskey(k)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO passkeys (id, account, credential, key, name, backed_up, counter, suspected, created, last_used)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 0)`,
		k.ID, k.Account, credentialText(k.Credential), key, name, flag(k.BackedUp), int64(k.Counter), millis(tx.Now))
	return err
}

// markPasskeys puts the mark of having passkeys among the account's credentials. It
// also lets those who add one at the same time wait for each other.
func (tx *Tx) markPasskeys(account string) error {
	sealed, err := tx.db.ring.Encrypt(place("credentials", PasskeyKind, account), "")
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO credentials (id, account, kind, secret, counter, initial, created, last_used) VALUES ($1, $2, $3, $4, 0, 0, $5, 0)
		ON CONFLICT (account, kind) DO UPDATE SET counter = 0`, NewID(), account, PasskeyKind, sealed, millis(tx.Now))
	return err
}

// unmarkPasskeys takes the mark away when no key is left that signs in.
func (tx *Tx) unmarkPasskeys(account string) error {
	_, err := tx.exec(`DELETE FROM credentials WHERE account = $1 AND kind = $2
		AND NOT EXISTS (SELECT 1 FROM passkeys p WHERE p.account = $1 AND p.suspected = 0)`, account, PasskeyKind)
	return err
}

func credentialText(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

func (tx *Tx) sealPasskey(k Passkey) (key, name string, err error) {
	raw, err := json.Marshal(sealedKey{k.PublicKey, k.Model, k.Synced})
	if err != nil {
		return "", "", err
	}
	if key, err = tx.db.ring.Encrypt(place("passkeys", k.Account, k.ID), string(raw)); err != nil {
		return "", "", err
	}
	name, err = tx.sealPasskeyName(k.Account, k.ID, k.Name)
	return key, name, err
}

func (tx *Tx) sealPasskeyName(account, id, name string) (string, error) {
	s, err := tx.Standing(account)
	if err != nil {
		return "", err
	}
	key, err := tx.PersonalKey(s.Person)
	if err != nil {
		return "", err
	}
	return key.Encrypt(place("passkeys", "name", id), name), nil
}

const selectPasskeys = `SELECT k.id, k.account, k.credential, k.key, k.name, k.backed_up, k.counter, k.suspected, k.created, k.last_used, p.id, p.key
	FROM passkeys k JOIN accounts a ON a.id = k.account JOIN persons p ON p.id = a.person WHERE `

// Passkeys are the passkeys of an account, the oldest first.
func (tx *Tx) Passkeys(account string) ([]Passkey, error) {
	var rows []*passkeyRow
	err := tx.few(func(scan func(...any) error) error {
		row := new(passkeyRow)
		rows = append(rows, row)
		return scan(row.into()...)
	}, selectPasskeys+"k.account = $1 ORDER BY k.id", account)
	if err != nil {
		return nil, err
	}
	var all []Passkey
	for _, row := range rows {
		k, err := tx.openPasskey(row)
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, nil
}

// PasskeyByCredential finds a passkey by the id that the authenticator gave it.
func (tx *Tx) PasskeyByCredential(id []byte) (Passkey, error) {
	var row passkeyRow
	if err := tx.row(row.into(), selectPasskeys+"k.credential = $1", credentialText(id)); err != nil {
		return Passkey{}, err
	}
	return tx.openPasskey(&row)
}

// passkeyRow is a passkey as it is kept, with what opens it.
type passkeyRow struct {
	Passkey
	credential, key, name, person, wrapped        string
	backedUp, counter, suspected, created, usedAt int64
}

func (r *passkeyRow) into() []any {
	return []any{&r.ID, &r.Account, &r.credential, &r.key, &r.name, &r.backedUp, &r.counter, &r.suspected, &r.created, &r.usedAt, &r.person, &r.wrapped}
}

func (tx *Tx) openPasskey(r *passkeyRow) (k Passkey, err error) {
	k = Passkey{ID: r.ID, Account: r.Account, BackedUp: r.backedUp != 0, Counter: uint32(r.counter),
		Suspected: fromMillis(r.suspected), Created: fromMillis(r.created), LastUsed: fromMillis(r.usedAt)}
	if k.Credential, err = base64.RawURLEncoding.DecodeString(r.credential); err != nil {
		return k, err
	}
	raw, err := tx.db.ring.Decrypt(place("passkeys", k.Account, k.ID), r.key)
	if err != nil {
		return k, err
	}
	var sealed sealedKey
	if err := json.Unmarshal([]byte(raw), &sealed); err != nil {
		return k, err
	}
	k.PublicKey, k.Model, k.Synced = sealed.PublicKey, sealed.Model, sealed.Synced
	personal, err := tx.db.ring.OpenPersonal(r.person, r.wrapped)
	if err != nil {
		return k, err
	}
	k.Name, err = personal.Decrypt(place("passkeys", "name", k.ID), r.name)
	return k, err
}

// UsePasskey records that a passkey signed somebody in. ErrStale: it is gone, it
// is suspected, or its counter has not grown since it was read.
func (tx *Tx) UsePasskey(id string, counter uint32, backedUp bool) error {
	return tx.one(ErrStale, `UPDATE passkeys SET counter = $2, backed_up = $3, last_used = $4
		WHERE id = $1 AND suspected = 0 AND (counter < $2 OR counter = 0 AND $2 = 0)`, id, int64(counter), flag(backedUp), millis(tx.Now))
}

// SuspectPasskey lets a passkey sign nobody in any more, and ends the account's
// sessions: one of them may be that of the copy. ErrStale: it is suspected, or gone.
func (tx *Tx) SuspectPasskey(account, id string) error {
	if err := tx.one(ErrStale, "UPDATE passkeys SET suspected = $3 WHERE account = $1 AND id = $2 AND suspected = 0", account, id, millis(tx.Now)); err != nil {
		return err
	}
	if err := tx.unmarkPasskeys(account); err != nil {
		return err
	}
	return tx.EndSessions(account)
}

// RenamePasskey gives a passkey another name. ErrNotFound: the account has no such key.
func (tx *Tx) RenamePasskey(account, id, name string) error {
	sealed, err := tx.sealPasskeyName(account, id, name)
	if err != nil {
		return err
	}
	return tx.one(ErrNotFound, "UPDATE passkeys SET name = $3 WHERE account = $1 AND id = $2", account, id, sealed)
}

// RemovePasskey forgets a passkey and ends the account's sessions, which it may
// have opened. ErrNotFound: the account has no such key.
func (tx *Tx) RemovePasskey(account, id string) error {
	if err := tx.one(ErrNotFound, "DELETE FROM passkeys WHERE account = $1 AND id = $2", account, id); err != nil {
		return err
	}
	if err := tx.unmarkPasskeys(account); err != nil {
		return err
	}
	return tx.EndSessions(account)
}
