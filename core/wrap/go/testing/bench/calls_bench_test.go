package calls

import (
	"context"
	_ "embed"
	"testing"

	"github.com/tetratelabs/wazero"

	"example.com/wrapped/lock"
	"example.com/wrapped/pool"
)

//go:embed tally.wasm
var module []byte

// BenchmarkCalls measures one call of an export that increments a number in memory, made in four ways.
func BenchmarkCalls(b *testing.B) {
	for _, limits := range []struct {
		name   string
		closes bool
	}{{"ends with its context", true}, {"runs to its end", false}} {
		ctx, cancel := context.WithCancel(context.Background())
		r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCloseOnContextDone(limits.closes))
		mod, err := r.Instantiate(ctx, module)
		if err != nil {
			b.Fatal(err)
		}
		increment := mod.ExportedFunction("increment")
		measure(b, limits.name+"/direct", func() error {
			_, err := increment.Call(ctx)
			return err
		})
		p, err := pool.NewPool(ctx, module, 1, pool.WithCloseOnContextDone(limits.closes))
		if err != nil {
			b.Fatal(err)
		}
		measure(b, limits.name+"/pool", func() error {
			return p.Do(ctx, func(i *pool.Instance) error {
				_, err := i.Increment(ctx)
				return err
			})
		})
		g, err := lock.New(ctx, module, lock.WithCloseOnContextDone(limits.closes))
		if err != nil {
			b.Fatal(err)
		}
		measure(b, limits.name+"/lock", func() error {
			return g.Do(ctx, func(i *lock.Instance) error {
				_, err := i.Increment(ctx)
				return err
			})
		})
		measure(b, limits.name+"/method", func() error {
			_, err := g.Increment(ctx)
			return err
		})
		for _, close := range []func(context.Context) error{p.Close, g.Close, r.Close} {
			if err := close(ctx); err != nil {
				b.Error(err)
			}
		}
		cancel()
	}
}

func measure(b *testing.B, name string, call func() error) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for n := 0; n < b.N; n++ {
			if err := call(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
