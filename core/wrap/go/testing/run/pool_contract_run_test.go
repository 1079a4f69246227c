package counter

import (
	"context"
	_ "embed"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/sys"
)

//go:embed tally.wasm
var module []byte

var ctx = context.Background()

func newTestPool(t testing.TB, size int, opts ...Option) *Pool {
	t.Helper()
	p, err := NewPool(ctx, module, size, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func done() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestConstructorRefuses(t *testing.T) {
	for _, one := range []struct {
		what string
		wasm []byte
		size int
		opts []Option
		want error
	}{
		{"garbage", []byte("garbage"), 1, nil, nil},
		{"another module", []byte("\x00asm\x01\x00\x00\x00"), 1, nil, ErrWrongModule},
		{"no size", module, 0, nil, nil},
		{"too many pages", module, 1, []Option{WithMemoryLimitPages(65537)}, nil},
		{"too few pages", module, 1, []Option{WithMemoryLimitPages(0)}, nil},
	} {
		p, err := NewPool(ctx, one.wasm, one.size, one.opts...)
		if p != nil || err == nil || !strings.HasPrefix(err.Error(), "counter: ") {
			t.Errorf("%s: %v", one.what, err)
		}
		if one.want != nil && !errors.Is(err, one.want) {
			t.Errorf("%s: %v", one.what, err)
		}
	}
	if _, err := NewPool(done(), module, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a done context: %v", err)
	}
}

func TestDoneContextsChangeNothing(t *testing.T) {
	p := newTestPool(t, 1)
	var first *Instance
	if err := p.Do(ctx, func(i *Instance) error {
		first = i
		if _, err := i.Increment(done()); !errors.Is(err, context.Canceled) || errors.Is(err, ErrTrapped) {
			t.Errorf("a call with a done context: %v", err)
		}
		_, err := i.Increment(ctx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := p.Do(done(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Do with a done context: %v", err)
	}
	_ = p.Do(ctx, func(i *Instance) error {
		if n, err := i.Increment(ctx); i != first || n != 2 || err != nil {
			t.Errorf("the instance was lost: %d, %v", n, err)
		}
		return nil
	})
	// Nothing is lent, so there is nothing to wait for.
	for n := 0; n < 100; n++ {
		if err := newTestPool(t, 2).Close(done()); err != nil {
			t.Fatal(err)
		}
	}
	i, err := p.Get(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(done()); !errors.Is(err, context.Canceled) || i.mod.IsClosed() {
		t.Errorf("Close with a done context, and an instance lent: %v", err)
	}
	p.Put(i)
	if err := p.Close(done()); err != nil || !i.mod.IsClosed() {
		t.Errorf("Close again: %v", err)
	}
}

func TestErrors(t *testing.T) {
	p := newTestPool(t, 1)
	err := p.Do(ctx, func(i *Instance) error {
		first := i.Fail(ctx)
		if _, err := i.Count(ctx); !errors.Is(err, ErrBroken) {
			t.Errorf("a call after a trap: %v", err)
		}
		return first
	})
	if !errors.Is(err, ErrTrapped) || !strings.HasPrefix(err.Error(), `counter: export "fail": `) {
		t.Errorf("a trap: %v", err)
	}
	// On a busy machine, a deadline can pass before the call.
	for wait := 10 * time.Millisecond; ; wait *= 4 {
		err = p.Do(ctx, func(i *Instance) error {
			short, cancel := context.WithTimeout(ctx, wait)
			defer cancel()
			return i.Spin(short)
		})
		if errors.Is(err, ErrTrapped) || wait > time.Minute {
			break
		}
	}
	var exit *sys.ExitError
	if !errors.Is(err, ErrTrapped) || !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &exit) {
		t.Errorf("a deadline: %v", err)
	}
	_ = p.Do(ctx, func(i *Instance) error {
		if _, err := i.ReadMemory(1<<16, 1); !errors.Is(err, ErrOutOfBounds) {
			t.Errorf("beyond the memory: %v", err)
		}
		return nil
	})
}

func TestWithoutCloseOnContextDone(t *testing.T) {
	p := newTestPool(t, 1, WithCloseOnContextDone(false), WithRuntimeConfig(wazero.NewRuntimeConfigInterpreter()))
	if err := p.Do(ctx, func(i *Instance) error {
		_, err := i.Increment(done())
		return err
	}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCompilationCacheStaysOpen(t *testing.T) {
	cache := wazero.NewCompilationCache()
	defer cache.Close(ctx)
	for n := 0; n < 3; n++ {
		p := newTestPool(t, 2, WithCompilationCache(cache))
		if err := p.Do(ctx, func(i *Instance) error { _, err := i.Increment(ctx); return err }); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPutElsewhereAnswersAtOnce(t *testing.T) {
	a, b := newTestPool(t, 1), newTestPool(t, 1)
	i, err := a.Get(ctx)
	if err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		b.Put(i)
	}()
	a.Put(i)
	for _, p := range []*Pool{a, b} {
		if err := p.Close(ctx); err != nil {
			t.Error(err)
		}
	}
}

func TestNestedDoWaitsForItsContext(t *testing.T) {
	p := newTestPool(t, 1)
	_ = p.Do(ctx, func(*Instance) error {
		short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		defer cancel()
		if err := p.Do(short, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		return nil
	})
}

func TestGoexitDropsTheInstance(t *testing.T) {
	p := newTestPool(t, 1)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		_ = p.Do(ctx, func(i *Instance) error {
			_, _ = i.Increment(ctx)
			runtime.Goexit()
			return nil
		})
	}()
	<-finished
	_ = p.Do(ctx, func(i *Instance) error {
		if n, err := i.Count(ctx); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		return nil
	})
}

// Instances that leave their Do, against all advice, are not closed and not lent while a call runs on them.
func TestNoInstanceIsClosedDuringACall(t *testing.T) {
	rounds := 1000
	if testing.Short() {
		rounds = 50
	}
	p := newTestPool(t, 2)
	var group sync.WaitGroup
	for n := 0; n < rounds; n++ {
		calls, cancel := context.WithCancel(ctx)
		started := make(chan struct{})
		group.Add(1)
		_ = p.Do(ctx, func(i *Instance) error {
			go func() {
				defer group.Done()
				close(started)
				if err := i.Spin(calls); err == nil {
					t.Error("a loop without end has ended")
				}
			}()
			<-started
			if n%2 == 0 {
				runtime.Gosched()
			}
			return nil
		})
		if n%3 == 0 {
			_ = p.Do(ctx, func(i *Instance) error {
				if _, err := i.Increment(ctx); err != nil && !errors.Is(err, ErrNotHeld) && !errors.Is(err, ErrBroken) {
					t.Error(err)
				}
				return nil
			})
		}
		cancel()
	}
	if err := p.Close(ctx); err != nil {
		t.Error(err)
	}
	group.Wait()
}

// Close waits for the calls that run.
func TestCloseDuringCalls(t *testing.T) {
	rounds := 1000
	if testing.Short() {
		rounds = 50
	}
	cache := wazero.NewCompilationCache()
	defer cache.Close(ctx)
	for n := 0; n < rounds; n++ {
		p := newTestPool(t, 2, WithCompilationCache(cache))
		var group sync.WaitGroup
		for g := 0; g < 4; g++ {
			group.Add(1)
			go func() {
				defer group.Done()
				for {
					err := p.Do(ctx, func(i *Instance) error { _, err := i.Increment(ctx); return err })
					if errors.Is(err, ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			}()
		}
		for g := 0; g < 2; g++ {
			group.Add(1)
			go func() {
				defer group.Done()
				if err := p.Close(ctx); err != nil {
					t.Error(err)
				}
			}()
		}
		group.Wait()
	}
}

// Callers that stop waiting leave nothing behind: no instance is lost, and nobody waits for ever.
func TestCallersThatStopWaiting(t *testing.T) {
	p := newTestPool(t, 2)
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
				err := p.Do(short, func(i *Instance) error { _, err := i.Increment(ctx); done.Add(1); return err })
				cancel()
				if err != nil && !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			}
		}(n)
	}
	group.Wait()
	var counted uint32
	for n := 0; n < 2; n++ {
		i, err := p.Get(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Put(i)
		count, err := i.Count(ctx)
		if err != nil {
			t.Error(err)
		}
		counted += count
	}
	if counted != uint32(done.Load()) {
		t.Errorf("%d calls, %d counted", done.Load(), counted)
	}
}

func TestFastPathDoesNotAllocate(t *testing.T) {
	p := newTestPool(t, 1, WithCloseOnContextDone(false))
	f := func(i *Instance) error {
		_, err := i.Increment(ctx)
		return err
	}
	if n := testing.AllocsPerRun(100, func() {
		if err := p.Do(ctx, f); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations for Do and a call", n)
	}
}

func benchmarkDo(b *testing.B, watch bool) {
	p := newTestPool(b, 1, WithCloseOnContextDone(watch))
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n++ {
		if err := p.Do(ctx, func(i *Instance) error { _, err := i.Increment(ctx); return err }); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkCall(b *testing.B, watch bool) {
	p := newTestPool(b, 1, WithCloseOnContextDone(watch))
	i, err := p.Get(ctx)
	if err != nil {
		b.Fatal(err)
	}
	f := i.mod.ExportedFunction("increment")
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n++ {
		if _, err := f.Call(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDo(b *testing.B)          { benchmarkDo(b, false) }
func BenchmarkCall(b *testing.B)        { benchmarkCall(b, false) }
func BenchmarkDoWatched(b *testing.B)   { benchmarkDo(b, true) }
func BenchmarkCallWatched(b *testing.B) { benchmarkCall(b, true) }
