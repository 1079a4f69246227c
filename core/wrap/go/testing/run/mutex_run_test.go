package counter

import (
	"context"
	_ "embed"
	"errors"
	"sync"
	"testing"
	"time"
)

//go:embed tally.wasm
var module []byte

func newGuarded(t *testing.T) *Guarded {
	t.Helper()
	g, err := New(context.Background(), module)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGuardedHoldsTheLockForAProtocol(t *testing.T) {
	g := newGuarded(t)
	ctx := context.Background()
	var group sync.WaitGroup
	for n := 0; n < 16; n++ {
		group.Add(2)
		go func() {
			defer group.Done()
			for n := 0; n < 100; n++ {
				err := g.Do(ctx, func(i *Instance) error {
					before, err := i.Count(ctx)
					if err != nil {
						return err
					}
					after, err := i.Increment(ctx)
					if err == nil && after != before+1 {
						t.Errorf("%d after %d", after, before)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		}()
		go func() {
			defer group.Done()
			for n := 0; n < 100; n++ {
				if _, err := g.Increment(ctx); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
	if got, err := g.Count(ctx); got != 3200 || err != nil {
		t.Errorf("%d, %v: calls were lost", got, err)
	}
}

func TestGuardedRefusesABrokenInstance(t *testing.T) {
	g := newGuarded(t)
	ctx := context.Background()
	if err := g.Fail(ctx); err == nil {
		t.Error("a trap is an error")
	}
	if _, err := g.Count(ctx); !errors.Is(err, ErrBroken) {
		t.Errorf("after a trap: %v", err)
	}
	if err := g.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := g.Count(ctx); got != 0 || err != nil {
		t.Errorf("after Reset: %d, %v", got, err)
	}
	if err := g.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Count(ctx); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := g.Reset(ctx); !errors.Is(err, ErrClosed) {
		t.Errorf("Reset after Close: %v", err)
	}
}

func TestGuardedWaitsNoLongerThanItsContext(t *testing.T) {
	g := newGuarded(t)
	ctx := context.Background()
	_ = g.Do(ctx, func(*Instance) error {
		short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		if err := g.Do(short, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a lock that is held: %v", err)
		}
		return nil
	})
}

func TestGuardedEndsACallWithItsContext(t *testing.T) {
	g := newGuarded(t)
	ctx := context.Background()
	// On a busy machine, a deadline can pass before the call.
	for wait := 20 * time.Millisecond; ; wait *= 4 {
		short, cancel := context.WithTimeout(ctx, wait)
		err := g.Spin(short)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call that does not return: %v", err)
		}
		if errors.Is(err, ErrTrapped) || wait > time.Minute {
			break
		}
	}
	if _, err := g.Count(ctx); !errors.Is(err, ErrBroken) {
		t.Errorf("after a call that was ended: %v", err)
	}
	if err := g.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestGuardedCopiesMemory(t *testing.T) {
	g := newGuarded(t)
	_ = g.Do(context.Background(), func(i *Instance) error {
		if err := i.WriteMemory(8, []byte("abc")); err != nil {
			t.Error(err)
		}
		got, err := i.ReadMemory(8, 3)
		if err != nil || string(got) != "abc" {
			t.Errorf("%q, %v", got, err)
		}
		got[0] = 'x'
		if again, _ := i.ReadMemory(8, 3); string(again) != "abc" {
			t.Error("ReadMemory gave a view")
		}
		if _, err := i.ReadMemory(0xffffffff, 3); err == nil {
			t.Error("read beyond the end")
		}
		if err := i.WriteMemory(0xffff, []byte("abc")); err == nil {
			t.Error("wrote beyond the end")
		}
		return nil
	})
}
