package wide

import (
	"context"
	_ "embed"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
)

//go:embed wide-shared.wasm
var module []byte

var ctx = context.Background()

// wazero allocates the maximum of a shared memory at once: 4 GiB for each Reset of this module.
func TestResetAllocatesNoMoreThanTheLimit(t *testing.T) {
	g, err := New(ctx, module)
	if err != nil {
		t.Fatal(err)
	}
	small, err := New(ctx, module, WithMemoryLimitPages(2))
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := g.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 300<<20 {
		t.Errorf("Reset allocated %d MiB", grown>>20)
	}
	if n, err := g.Next(ctx); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	for pages, want := range map[uint32]uint32{1: 1, 2: 0xffffffff} {
		if err := small.Reset(ctx); err != nil {
			t.Fatal(err)
		}
		if got, err := small.Grow(ctx, pages); got != want || err != nil {
			t.Errorf("grow by %d: %d, %v", pages, int32(got), err)
		}
	}
}

// What the documentation of WithCloseOnContextDone says of waits.
func TestAContextDoesNotEndAWait(t *testing.T) {
	g, err := New(ctx, module, WithMemoryLimitPages(2))
	if err != nil {
		t.Fatal(err)
	}
	// On a busy machine, a deadline can pass before the call, or in the call before it waits.
	for wait := time.Millisecond; ; wait *= 4 {
		if err := g.Reset(ctx); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(ctx, wait)
		start := time.Now()
		_, err = g.Wait(short, uint64(10*wait))
		waited := time.Since(start)
		cancel()
		if early := !errors.Is(err, ErrTrapped) || waited < 10*wait; early && wait < time.Second {
			continue
		}
		if waited < 10*wait || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v after %v", err, waited)
		}
		break
	}
}

func TestThreadsAreOnInTheInterpreter(t *testing.T) {
	g, err := New(ctx, module, WithRuntimeConfig(wazero.NewRuntimeConfigInterpreter()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Next(ctx); err != nil {
		t.Error(err)
	}
}
