package threads

import (
	"context"
	_ "embed"
	"sync"
	"testing"
)

//go:embed threads.wasm
var module []byte

var ctx = context.Background()

func TestInstancesHaveTheirOwnStackAndStorage(t *testing.T) {
	const size = 4
	p, err := NewPool(ctx, module, size)
	if err != nil {
		t.Fatal(err)
	}
	// The first instance has the stack that the linker has placed. What replaces it has not.
	for round := 0; round < 20; round++ {
		stacks, storages := map[uint32]bool{}, map[uint32]bool{}
		var lent []*Instance
		for n := 0; n < size; n++ {
			i, err := p.Get(ctx)
			if err != nil {
				t.Fatal(err)
			}
			lent = append(lent, i)
			stack, err := i.Stack(ctx)
			if err != nil || stack%16 != 0 {
				t.Errorf("a stack at %d, %v", stack, err)
			}
			storage, err := i.Storage(ctx)
			if err != nil || storage%32 != 0 {
				t.Errorf("storage at %d, %v", storage, err)
			}
			if stack != 65536 && storage < stack && storage+16 > stack-65536 {
				t.Errorf("stack at %d, storage at %d", stack, storage)
			}
			stacks[stack], storages[storage] = true, true
		}
		if len(stacks) != size || len(storages) != size {
			t.Fatalf("%v, %v: instances share a stack", stacks, storages)
		}
		if round > 0 && stacks[65536] {
			t.Error("the first instance is still there")
		}
		for _, i := range lent {
			if err := i.Fail(ctx); err == nil {
				t.Error("a trap is an error")
			}
			p.Put(i)
		}
	}
	if err := p.Close(ctx); err != nil {
		t.Error(err)
	}
}

func TestFramesAreTheirOwn(t *testing.T) {
	p, err := NewPool(ctx, module, 8)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for g := uint32(0); g < 8; g++ {
		group.Add(1)
		go func(g uint32) {
			defer group.Done()
			if err := p.Do(ctx, func(i *Instance) error { _, err := i.Frame(ctx, g, 100_000); return err }); err != nil {
				t.Error(err)
			}
		}(g)
	}
	group.Wait()
}
