package notify

import "kapu/internal/store"

// PostToAll puts m into the outbox for every address known of a person: those of all their accounts, each once and in
// the language of its account. A warning reaches its owner so even where one mailbox is in wrong hands.
func PostToAll(tx *store.Tx, person string, m Message) error {
	accounts, err := tx.AccountsOf(person)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for _, a := range accounts {
		if told[a.Email.Canonical()] {
			continue
		}
		told[a.Email.Canonical()] = true
		if err := Post(tx, Recipient{Email: a.Email.String(), Lang: a.Lang}, m); err != nil {
			return err
		}
	}
	return nil
}
