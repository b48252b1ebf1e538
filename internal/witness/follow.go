package witness

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/ledger"
)

// Contains makes sure that the ledger, as the gateway shows it now, contains the
// tree of a head that somebody has kept: of a receipt, or of a witness's state.
// [ErrFork]: it was rewritten since.
func Contains(ctx context.Context, g *Gateway, kept string, keys ...string) (now ledger.Root, err error) {
	old, err := ledger.ReadHead(kept, keys...)
	if err != nil {
		return now, fmt.Errorf("%w (%v)", ErrStranger, err)
	}
	newest, err := g.Newest(ctx)
	if err != nil {
		return now, err
	}
	if now, err = ledger.ReadHead(newest, keys...); err != nil {
		return now, fmt.Errorf("%w (%v)", ErrStranger, err)
	}
	if now.Size < old.Size {
		return now, ErrFork
	}
	if now.Size == old.Size {
		if now.Hash != old.Hash {
			return now, ErrFork
		}
		return now, nil
	}
	proof, err := g.Consistency(ctx, old.Size, now.Size)
	if err != nil && !errors.Is(err, errRefused) {
		return now, err
	}
	if err != nil || tlog.CheckTree(proof, now.Size, now.Hash, old.Size, old.Hash) != nil {
		return now, ErrFork
	}
	return now, nil
}
