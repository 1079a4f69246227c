package host

import (
	"context"
	_ "embed"
	"testing"

	"github.com/tetratelabs/wazero/api"
)

//go:embed imports.wasm
var module []byte

type host struct{ written uint64 }

func (h *host) EnvAdd(_ context.Context, _ api.Module, a, b uint32) uint32 { return a + b }

func (h *host) LogWrite(_ context.Context, _ api.Module, _ uint32, n uint64) { h.written += n }

func TestImports(t *testing.T) {
	ctx := context.Background()
	if _, err := New(ctx, module, nil); err == nil {
		t.Error("imports that are nil")
	}
	h := &host{}
	g, err := New(ctx, module, h)
	if err != nil {
		t.Fatal(err)
	}
	if sum, err := g.Sum(ctx, 1, 2); sum != 3 || err != nil {
		t.Errorf("%d, %v", sum, err)
	}
	if err := g.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if sum, err := g.Sum(ctx, 2, 2); sum != 4 || err != nil || h.written != 14 {
		t.Errorf("%d, %v, %d", sum, err, h.written)
	}
}
