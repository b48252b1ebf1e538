package store_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func BenchmarkStanding(b *testing.B) {
	db, _ := storetest.SQLite(b)
	a := account(b, db, "ref-1", "KisAnna", "anna@example.hu")
	for b.Loop() {
		view(b, db, func(tx *store.Tx) error { _, err := tx.Standing(a.ID); return err })
	}
}

func BenchmarkWrite(b *testing.B) {
	db, _ := storetest.SQLite(b)
	for i := 0; b.Loop(); i++ {
		key := fmt.Sprint(i)
		if err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.PutVolatile(key, []byte("v"), tx.Now.Add(time.Hour)) }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWritesTogether is what one of many writers at once costs, who go together.
func BenchmarkWritesTogether(b *testing.B) {
	db, _ := storetest.SQLite(b)
	var next atomic.Int64
	b.SetParallelism(16)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			key := fmt.Sprint(next.Add(1))
			if err := db.Apply(context.Background(), func(tx *store.Tx) error { return tx.PutVolatile(key, []byte("v"), tx.Now.Add(time.Hour)) }); err != nil {
				b.Error(err)
			}
		}
	})
}
