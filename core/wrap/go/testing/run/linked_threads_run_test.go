package linked

import (
	"context"
	_ "embed"
	"sync"
	"testing"
)

//go:embed linked-threads.wasm
var module []byte

// What a linker lays out: each instance has thread-local variables with their initial values, a stack, and the data that
// all of them share.
func TestThreads(t *testing.T) {
	ctx := context.Background()
	p, err := NewPool(ctx, module, 4)
	if err != nil {
		t.Fatal(err)
	}
	for round := 0; round < 3; round++ {
		var is []*Instance
		seen := map[uint32]bool{}
		for n := 0; n < 4; n++ {
			i, err := p.Get(ctx)
			if err != nil {
				t.Fatal(err)
			}
			is = append(is, i)
			own, err := i.Bump(ctx)
			zero, _ := i.Zeroed(ctx)
			total, _ := i.Total(ctx)
			data, _ := i.Data(ctx)
			at, _ := i.Address(ctx)
			if err != nil || own != 43 || zero != 0 || int(total) != 7+4*round+n || data != 5 || seen[at] {
				t.Errorf("round %d, instance %d: %d, %d, %d, %d, a frame at %d, %v", round, n, own, zero, total, data, at, err)
			}
			seen[at] = true
		}
		var g sync.WaitGroup
		for n, i := range is {
			g.Add(1)
			go func(n int, i *Instance) {
				defer g.Done()
				if ok, err := i.Frame(ctx, uint32(n), 2000); ok != 1 || err != nil {
					t.Errorf("%d, %v: another instance has the frame", ok, err)
				}
			}(n, i)
		}
		g.Wait()
		for _, i := range is {
			i.Discard()
			p.Put(i)
		}
	}
	if err := p.Close(ctx); err != nil {
		t.Error(err)
	}
}
