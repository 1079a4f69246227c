package state

import (
	"context"
	_ "embed"
	"errors"
	"testing"
)

//go:embed own-state.wasm
var module []byte

func TestResetMakesImportedStateNew(t *testing.T) {
	ctx := context.Background()
	g, err := New(ctx, module)
	if err != nil {
		t.Fatal(err)
	}
	for want := uint32(2); want < 10; want += 2 {
		if n, err := g.Step(ctx, 2); n != want || err != nil {
			t.Errorf("%d, %v, not %d", n, err, want)
		}
	}
	if err := g.Fail(ctx); err == nil {
		t.Error("a trap is an error")
	}
	old := g.instance
	if err := g.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if !old.mod.IsClosed() {
		t.Error("Reset left the old instance open")
	}
	if n, err := g.Step(ctx, 1); n != 1 || err != nil {
		t.Errorf("%d, %v: the memory or the global is not new", n, err)
	}
	last := g.instance
	for range "twice" {
		if err := g.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	if !last.mod.IsClosed() {
		t.Error("Close left the instance open")
	}
	if _, err := g.Step(ctx, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
