package setter

import (
	"context"
	_ "embed"
	"testing"
)

//go:embed stack-setter.wasm
var module []byte

// No allocator is exported, so that the stacks are pages by which the memory grows.
func TestStacksArePagesOfTheirOwn(t *testing.T) {
	ctx := context.Background()
	p, err := NewPool(ctx, module, 3)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uint32]bool{}
	for n := 0; n < 3; n++ {
		i, err := p.Get(ctx)
		if err != nil {
			t.Fatal(err)
		}
		at, err := i.Frame(ctx, 1)
		if err != nil || seen[at] {
			t.Errorf("a frame at %d, %v", at, err)
		}
		seen[at] = true
	}
}
