package haskell

import (
	"context"
	_ "embed"
	"testing"
)

//go:embed haskell.wasm
var module []byte

// Constructors, _initialize and hs_init, in this order, in each instance.
func TestLifeOfEachInstance(t *testing.T) {
	ctx := context.Background()
	p, err := NewPool(ctx, module, 2)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < 2; n++ {
		i, err := p.Get(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := i.Get(ctx); got != 7 || err != nil {
			t.Errorf("%d, %v", got, err)
		}
	}
}
