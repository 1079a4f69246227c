package reactor

import (
	"context"
	_ "embed"
	"testing"
)

//go:embed reactor-threads.wasm
var module []byte

// _initialize traps when it runs twice in one memory.
func TestTheMemoryIsInitialisedOnce(t *testing.T) {
	ctx := context.Background()
	p, err := NewPool(ctx, module, 3)
	if err != nil {
		t.Fatal(err)
	}
	for round := 0; round < 3; round++ {
		var lent []*Instance
		for n := 0; n < 3; n++ {
			i, err := p.Get(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := i.Get(ctx); got != 6 || err != nil {
				t.Errorf("%d, %v", got, err)
			}
			lent = append(lent, i)
		}
		for _, i := range lent {
			i.Discard()
			p.Put(i)
		}
	}
}
