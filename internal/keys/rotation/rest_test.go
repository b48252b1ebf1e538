package rotation_test

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// Who has the database without the key file signs nothing: private keys lie in
// it sealed under the key file (store.AddSigningKey).
func TestNoPrivateKeyIsOnTheDisk(t *testing.T) {
	storetest.EachAt(t, func(t *testing.T, dsn string) {
		ring, clock := storetest.Ring(t), storetest.NewClock()
		db := storetest.Open(t, dsn, ring, clock)
		for _, alg := range []string{keys.ES256, keys.EdDSA, keys.RS256} {
			if _, err := rotation.Open(t.Context(), db, "try-"+alg, alg, keys.DefaultSchedule(), clock.Now); err != nil {
				t.Fatal(err)
			}
			var private []byte
			if err := db.View(t.Context(), func(tx *store.Tx) error {
				rows, err := tx.SigningKeys("try-" + alg)
				if err == nil {
					private = rows[0].Private
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			secret := private[len(private)-24:] // the end of PKCS #8 belongs to the secret part, whatever the algorithm
			disk := storetest.Disk(t, dsn)
			for _, form := range []string{string(secret), hex.EncodeToString(secret), base64.StdEncoding.EncodeToString(private), base64.RawStdEncoding.EncodeToString(secret[3:21])} {
				if strings.Contains(disk, form) {
					t.Errorf("%s: the private key is on the disk", alg)
				}
			}
		}
		thief := storetest.Open(t, dsn, storetest.Ring(t), clock)
		if _, err := rotation.Open(t.Context(), thief, "try-"+keys.ES256, keys.ES256, keys.DefaultSchedule(), clock.Now); err == nil {
			t.Error("another key file opens it")
		}
	})
}
