package state

import (
	"context"
	"errors"
	"testing"

	"github.com/tetratelabs/wazero"
)

func TestResetMakesImportedStateNew(t *testing.T) {
	wazero.Exports = map[string]func(context.Context, *wazero.State, []uint64) ([]uint64, error){
		"step": func(context.Context, *wazero.State, []uint64) ([]uint64, error) {
			return nil, errors.New("wasm error: unreachable")
		},
	}
	ctx := context.Background()
	g, err := New(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Step(ctx, 1); err == nil {
		t.Error("a trap is an error")
	}
	alive := wazero.Alive.Load()
	if err := g.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if wazero.Made.Load() != 2 || wazero.Alive.Load() != alive {
		t.Errorf("%d runtimes, %d modules open instead of %d", wazero.Made.Load(), wazero.Alive.Load(), alive)
	}
	for range "twice" {
		if err := g.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	if wazero.Alive.Load() != 0 {
		t.Errorf("%d modules are left open", wazero.Alive.Load())
	}
	if _, err := g.Step(ctx, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
