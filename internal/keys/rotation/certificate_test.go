package rotation_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"testing"
	"time"

	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestEveryProcessShowsTheSameCertificates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		for _, alg := range []string{keys.ES256, keys.RS256} {
			var shown [2][]*x509.Certificate
			for i := range shown {
				set, err := rotation.Open(context.Background(), db, "certified-"+alg, alg, keys.DefaultSchedule(), clock.Now)
				if err != nil {
					t.Fatal(err)
				}
				if shown[i], err = set.Certificates("gateway.example", clock.Now()); err != nil {
					t.Fatal(err)
				}
			}
			one, two := shown[0], shown[1]
			if len(one) != 1 || len(two) != 1 || !bytes.Equal(one[0].Raw, two[0].Raw) {
				t.Fatalf("%s: %d and %d certificates, or others", alg, len(one), len(two))
			}
			if err := one[0].CheckSignature(one[0].SignatureAlgorithm, one[0].RawTBSCertificate, one[0].Signature); err != nil {
				t.Errorf("%s: %v", alg, err)
			}
			if now := clock.Now(); now.Before(one[0].NotBefore) || now.Add(365*24*time.Hour).After(one[0].NotAfter) || one[0].Subject.CommonName != "gateway.example" {
				t.Errorf("%s: %v to %v for %s", alg, one[0].NotBefore, one[0].NotAfter, one[0].Subject)
			}
		}
	})
}
