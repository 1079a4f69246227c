package counter

import (
	"context"
	_ "embed"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

//go:embed tally.wasm
var module []byte

var ctx = context.Background()

func newTestLock(t *testing.T, opts ...Option) *Guarded {
	t.Helper()
	g, err := New(ctx, module, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func done() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestConstructorRefuses(t *testing.T) {
	if g, err := New(ctx, []byte("garbage")); g != nil || err == nil || !strings.HasPrefix(err.Error(), "counter: ") {
		t.Errorf("garbage: %v", err)
	}
	if _, err := New(ctx, []byte("\x00asm\x01\x00\x00\x00")); !errors.Is(err, ErrWrongModule) {
		t.Errorf("another module: %v", err)
	}
	if _, err := New(done(), module); !errors.Is(err, context.Canceled) {
		t.Errorf("a done context: %v", err)
	}
}

func TestDoneContextsChangeNothing(t *testing.T) {
	g := newTestLock(t)
	if _, err := g.Increment(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Increment(done()); !errors.Is(err, context.Canceled) {
		t.Errorf("a call: %v", err)
	}
	_ = g.Do(ctx, func(i *Instance) error {
		if _, err := i.Increment(done()); !errors.Is(err, context.Canceled) {
			t.Errorf("a call on the instance: %v", err)
		}
		if err := g.Close(done()); !errors.Is(err, context.Canceled) {
			t.Errorf("Close during Do: %v", err)
		}
		return nil
	})
	if err := g.Reset(done()); !errors.Is(err, context.Canceled) {
		t.Errorf("Reset: %v", err)
	}
	if n, err := g.Count(ctx); n != 1 || err != nil {
		t.Errorf("%d, %v: the instance was lost", n, err)
	}
	if err := g.Close(done()); err != nil {
		t.Errorf("Close with nothing to wait for: %v", err)
	}
	if err := g.Close(done()); err != nil {
		t.Errorf("Close twice: %v", err)
	}
}

func TestATrapBreaksTheInstanceAtOnce(t *testing.T) {
	g := newTestLock(t)
	err := g.Do(ctx, func(i *Instance) error {
		first := i.Fail(ctx)
		if _, err := i.Count(ctx); !errors.Is(err, ErrBroken) {
			t.Errorf("a call after a trap: %v", err)
		}
		return first
	})
	if !errors.Is(err, ErrTrapped) {
		t.Errorf("a trap: %v", err)
	}
	if err := g.Do(ctx, nil); !errors.Is(err, ErrBroken) {
		t.Errorf("Do after a trap: %v", err)
	}
}

// Reset and Close wait for a call on an instance that has left its Do.
func TestNoInstanceIsClosedDuringACall(t *testing.T) {
	rounds := 1000
	if testing.Short() {
		rounds = 50
	}
	g := newTestLock(t)
	for n := 0; n < rounds; n++ {
		calls, cancel := context.WithCancel(ctx)
		var group sync.WaitGroup
		started := make(chan *Instance)
		group.Add(1)
		go func() {
			defer group.Done()
			_ = g.Do(ctx, func(i *Instance) error {
				go func() {
					started <- i
					_ = i.Spin(calls)
					started <- i
				}()
				<-started
				return nil
			})
		}()
		group.Wait()
		group.Add(1)
		go func() {
			defer group.Done()
			if err := g.Reset(ctx); err != nil {
				t.Error(err)
			}
		}()
		cancel()
		<-started
		group.Wait()
		if n, err := g.Increment(ctx); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if err := g.Close(ctx); err != nil {
		t.Error(err)
	}
}

// Callers that stop waiting leave nothing behind: no instance is lost, and nobody waits for ever.
func TestCallersThatStopWaiting(t *testing.T) {
	g := newTestLock(t)
	rounds := 2000
	if testing.Short() {
		rounds = 200
	}
	var group sync.WaitGroup
	var done atomic.Int64
	for n := 0; n < 8; n++ {
		group.Add(1)
		go func(n int) {
			defer group.Done()
			for k := 0; k < rounds; k++ {
				short, cancel := context.WithTimeout(ctx, time.Duration(n*k%97)*time.Microsecond)
				err := g.Do(short, func(i *Instance) error { _, err := i.Increment(ctx); done.Add(1); return err })
				cancel()
				if err != nil && !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			}
		}(n)
	}
	group.Wait()
	if counted, err := g.Count(ctx); counted != uint32(done.Load()) || err != nil {
		t.Errorf("%d calls, %d counted, %v", done.Load(), counted, err)
	}
	if err := g.Close(ctx); err != nil {
		t.Error(err)
	}
}

func TestFastPathDoesNotAllocate(t *testing.T) {
	g := newTestLock(t, WithCloseOnContextDone(false))
	if n := testing.AllocsPerRun(100, func() {
		if _, err := g.Increment(ctx); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations for a call", n)
	}
}

func BenchmarkDo(b *testing.B) {
	g, err := New(ctx, module, WithCloseOnContextDone(false))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for n := 0; n < b.N; n++ {
		if _, err := g.Increment(ctx); err != nil {
			b.Fatal(err)
		}
	}
}
