package app

import (
	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/method/totp"
	"kapu/internal/store"
)

// EquipPlus gives an account Ügyfélkapu+ without its owner: for ready-made
// accounts of demos and measurements.
func (a *App) EquipPlus(tx *store.Tx, account string, secret totp.Secret) error {
	return tx.PutCredential(store.Credential{Account: account, Kind: totp.Kind, Secret: secret.Text()})
}

// IssueActivation mails an account its first activation code.
func (a *App) IssueActivation(tx *store.Tx, account identity.Account) error {
	_, err := a.activation().Issue(tx, account, false)
	return err
}

// dispositions are where people, desks and links lay down how somebody may be identified.
func (a *App) dispositions() disposition.Register {
	return disposition.Register{Ledger: a.Ledger, Home: a.Issuer + "/account"}
}
