package linked

import (
	"context"
	_ "embed"
	"testing"
)

//go:embed linked-threads.wasm
var module []byte

func TestThreadLocalStorageOfOneInstance(t *testing.T) {
	ctx := context.Background()
	g, err := New(ctx, module)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < 2; n++ {
		own, err := g.Bump(ctx)
		total, _ := g.Total(ctx)
		if own != 43 || total != 7 || err != nil {
			t.Errorf("%d, %d, %v", own, total, err)
		}
		if err := g.Reset(ctx); err != nil {
			t.Fatal(err)
		}
	}
}
