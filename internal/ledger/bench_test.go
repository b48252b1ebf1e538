package ledger

import (
	"testing"

	"kapu/internal/law"
	"kapu/internal/store"
)

var reached = Released{Service: "tax", Data: []string{"name", "birth_date", "tax_number"}, Method: law.TOTP, Level: law.Substantial}

// BenchmarkAppend measures what an entry costs on top of its transaction.
func BenchmarkAppend(b *testing.B) {
	for name, e := range map[string]Event{"service reached": reached, "signed in": signIn} {
		b.Run(name, func(b *testing.B) {
			w := sqliteWorld(b)
			b.ReportAllocs()
			w.update(func(tx *store.Tx) error {
				for b.Loop() {
					if _, err := w.Append(tx, w.anna, e); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
}

// BenchmarkLeaf is what an entry of single sign-on costs besides its INSERT. It
// is on the path of every sign-on and is to stay below 15 µs.
func BenchmarkLeaf(b *testing.B) {
	w := sqliteWorld(b)
	b.ReportAllocs()
	for b.Loop() {
		w.write(shapes[reached.Kind()], store.NewID(), w.clock.Now(), w.anna, reached).leaf()
	}
}

// BenchmarkInsert is the share of the INSERT in BenchmarkAppend.
func BenchmarkInsert(b *testing.B) {
	w := sqliteWorld(b)
	row := w.row(w.append(w.anna, reached))
	b.ReportAllocs()
	w.update(func(tx *store.Tx) error {
		for b.Loop() {
			row.ID = store.NewID()
			if err := tx.AppendLedger(row); err != nil {
				return err
			}
		}
		return nil
	})
}

// BenchmarkSequence places full batches, as under load.
func BenchmarkSequence(b *testing.B) {
	w := sqliteWorld(b)
	w.Witness = ""
	for b.Loop() {
		b.StopTimer()
		w.update(func(tx *store.Tx) error {
			for range batchSize - 1 {
				if _, err := w.Append(tx, w.anna, reached); err != nil {
					return err
				}
			}
			return nil
		})
		b.StartTimer()
		w.sequence()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*(batchSize-1)), "ns/entry")
}

func BenchmarkVerify(b *testing.B) {
	w := sqliteWorld(b)
	w.update(func(tx *store.Tx) error {
		for range b.N {
			if _, err := w.Append(tx, w.anna, signIn); err != nil {
				return err
			}
		}
		return nil
	})
	w.sequence()
	b.ResetTimer()
	if report, _ := w.verify(); !report.Sound() {
		b.Error(report)
	}
}
