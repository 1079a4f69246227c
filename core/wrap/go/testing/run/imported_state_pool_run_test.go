package state

import (
	"context"
	"sync"
	"testing"

	"github.com/tetratelabs/wazero"
)

func TestEachInstanceHasItsOwnImportedState(t *testing.T) {
	wazero.Exports = map[string]func(context.Context, *wazero.State, []uint64) ([]uint64, error){
		"step": func(_ context.Context, s *wazero.State, _ []uint64) ([]uint64, error) {
			s.Count++
			return []uint64{uint64(s.Count)}, nil
		},
	}
	ctx := context.Background()
	p, err := NewPool(nil, 2)
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
	if wazero.Made.Load() != 2 {
		t.Errorf("%d runtimes for two instances", wazero.Made.Load())
	}
	if n, err := a.Step(ctx, 1); n != 1 || err != nil {
		t.Error(n, err)
	}
	if n, err := b.Step(ctx, 1); n != 1 || err != nil {
		t.Error(n, err)
	}
	p.Put(a)
	b.Discard()
	p.Put(b)
	if err := p.Close(ctx); err != nil {
		t.Error(err)
	}
	if wazero.Alive.Load() != 0 {
		t.Errorf("%d modules are left open", wazero.Alive.Load())
	}
}

// What closes one runtime leaves the code alone that others are about to instantiate.
func TestEachInstanceHasItsOwnImportedStateInManyGoroutines(t *testing.T) {
	wazero.Exports = nil
	ctx := context.Background()
	p, err := NewPool(nil, 8)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for g := 0; g < 8; g++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := 0; n < 20; n++ {
				if err := p.Do(ctx, func(i *Instance) error { i.Discard(); return nil }); err != nil {
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
