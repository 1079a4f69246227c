package state

import (
	"context"
	_ "embed"
	"sync"
	"testing"
)

//go:embed own-state.wasm
var module []byte

func TestEachInstanceHasItsOwnImportedState(t *testing.T) {
	ctx := context.Background()
	p, err := NewPool(ctx, module, 2)
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.Get(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Get(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for want := uint32(1); want < 4; want++ {
		for _, i := range []*Instance{a, b} {
			if n, err := i.Step(ctx, 1); n != want || err != nil {
				t.Errorf("%d, %v, not %d: the instances share what they import", n, err, want)
			}
		}
	}
	p.Put(a)
	b.Discard()
	p.Put(b)
	if a.mod.IsClosed() || !b.mod.IsClosed() {
		t.Error("the discarded instance is closed, and no other")
	}
	if err := p.Close(ctx); err != nil {
		t.Error(err)
	}
	if !a.mod.IsClosed() {
		t.Error("Close left an instance open")
	}
}

// What closes one runtime leaves the code alone that others are about to instantiate.
func TestEachInstanceHasItsOwnImportedStateInManyGoroutines(t *testing.T) {
	ctx := context.Background()
	p, err := NewPool(ctx, module, 8)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for g := 0; g < 8; g++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := 0; n < 20; n++ {
				err := p.Do(ctx, func(i *Instance) error {
					if n, err := i.Step(ctx, 1); n != 1 || err != nil {
						t.Errorf("%d, %v", n, err)
					}
					i.Discard()
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
	if err := p.Close(ctx); err != nil {
		t.Error(err)
	}
}
