package host

import (
	"context"
	_ "embed"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tetratelabs/wazero/api"
)

//go:embed imports.wasm
var module []byte

var errHost = errors.New("the host cannot add")

type host struct{ written atomic.Int64 }

func (h *host) EnvAdd(_ context.Context, _ api.Module, a, b uint32) uint32 {
	if a == 13 {
		panic(errHost)
	}
	return a + b
}

func (h *host) LogWrite(_ context.Context, mod api.Module, _ uint32, n uint64) {
	if mod.Memory() == nil {
		panic("no memory")
	}
	h.written.Add(int64(n))
}

func TestImports(t *testing.T) {
	ctx := context.Background()
	if _, err := NewPool(ctx, module, 2, nil); err == nil {
		t.Error("imports that are nil")
	}
	h := &host{}
	p, err := NewPool(ctx, module, 2, h)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for g := 0; g < 8; g++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := uint32(0); n < 10; n++ {
				if err := p.Do(ctx, func(i *Instance) error {
					sum, err := i.Sum(ctx, n, 2)
					if sum != n+2 {
						t.Errorf("%d", sum)
					}
					return err
				}); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
	if got := h.written.Load(); got != 8*10*7 {
		t.Errorf("%d", got)
	}
	err = p.Do(ctx, func(i *Instance) error { _, err := i.Sum(ctx, 13, 2); return err })
	if !errors.Is(err, errHost) || !errors.Is(err, ErrTrapped) {
		t.Errorf("a panic with an error: %v", err)
	}
	if err := p.Close(ctx); err != nil {
		t.Error(err)
	}
}
