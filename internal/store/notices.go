package store

// Notices are what a person wishes to be told, and what is remembered to tell it
// by. The zero Notices are those of somebody who has said nothing and was never seen.
type Notices struct {
	Person    string
	Version   int64  // of the settings; 0: none were ever made
	Settings  []byte // JSON
	Seen      []byte // JSON
	Statement int64  // the month whose statement is sent next, counted from year 0; 0: none is wished
}

// Notices returns those of a person.
func (tx *Tx) Notices(person string) (n Notices, err error) {
	var wrapped, settings, seen string
	n.Person = person
	err = tx.row([]any{&wrapped, &n.Version, &settings, &seen, &n.Statement}, `SELECT p.key, COALESCE(n.version, 0), COALESCE(n.settings, ''), COALESCE(n.seen, ''), COALESCE(n.statement, 0)
		FROM persons p LEFT JOIN notices n ON n.person = p.id WHERE p.id = $1`, person)
	if err != nil || settings+seen == "" {
		return n, err
	}
	key, err := tx.db.ring.OpenPersonal(person, wrapped)
	if err != nil {
		return n, err
	}
	open := func(what, sealed string) (plain []byte) {
		if err != nil || sealed == "" {
			return nil
		}
		var text string
		text, err = key.Decrypt(place("notices", what, person), sealed)
		return []byte(text)
	}
	n.Settings, n.Seen = open("settings", settings), open("seen", seen)
	return n, err
}

// SaveNotices keeps the settings and the month of the next statement. ErrStale:
// they are another version by now.
func (tx *Tx) SaveNotices(n Notices) error {
	key, err := tx.PersonalKey(n.Person)
	if err != nil {
		return err
	}
	return tx.one(ErrStale, `INSERT INTO notices (person, version, settings, seen, statement) VALUES ($1, 1, $3, '', $4)
		ON CONFLICT (person) DO UPDATE SET version = notices.version + 1, settings = excluded.settings, statement = excluded.statement WHERE notices.version = $2`,
		n.Person, n.Version, key.Encrypt(place("notices", "settings", n.Person), string(n.Settings)), n.Statement)
}

// SaveSeen keeps how and from where a person was identified. Of two at the same
// moment the later stays: what is lost is told of once more at worst.
func (tx *Tx) SaveSeen(person string, seen []byte) error {
	key, err := tx.PersonalKey(person)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO notices (person, version, settings, seen, statement) VALUES ($1, 0, '', $2, 0)
		ON CONFLICT (person) DO UPDATE SET seen = excluded.seen`, person, key.Encrypt(place("notices", "seen", person), string(seen)))
	return err
}

// DueStatements returns people whose statement of the month, or of one before it,
// has not been sent.
func (tx *Tx) DueStatements(month int64, limit int) (people []string, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		people = append(people, id)
		return err
	}, "SELECT person FROM notices WHERE statement > 0 AND statement <= $1 ORDER BY statement, person LIMIT $2", month, limit)
	return people, err
}

// StatementSent moves a person's next statement from one month to another.
// ErrStale: it is not that month's turn; somebody else was first, or it is wished no more.
func (tx *Tx) StatementSent(person string, from, next int64) error {
	return tx.one(ErrStale, "UPDATE notices SET statement = $3 WHERE person = $1 AND statement = $2", person, from, next)
}
