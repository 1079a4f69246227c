package counter

import (
	"context"
	_ "embed"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

//go:embed tally.wasm
var module []byte

func newTestPool(t *testing.T, size int) *Pool {
	t.Helper()
	p, err := NewPool(context.Background(), module, size)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPoolKeepsProtocolsApart(t *testing.T) {
	p := newTestPool(t, 4)
	var group sync.WaitGroup
	var most, now atomic.Int64
	var ever sync.Map
	for g := 0; g < 32; g++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := 0; n < 200; n++ {
				err := p.Do(context.Background(), func(i *Instance) error {
					ever.Store(i, true)
					if inside := now.Add(1); inside > most.Load() {
						most.Store(inside)
					}
					defer now.Add(-1)
					before, err := i.Count(context.Background())
					if err != nil {
						return err
					}
					after, err := i.Increment(context.Background())
					if err == nil && after != before+1 {
						t.Errorf("%d after %d: somebody else was inside", after, before)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
	if err := p.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	instances := 0
	ever.Range(func(i, _ any) bool {
		instances++
		if !i.(*Instance).mod.IsClosed() {
			t.Error("an instance is still open")
		}
		return true
	})
	if instances > 4 || most.Load() > 4 {
		t.Errorf("%d instances, %d at a time, of a pool of 4", instances, most.Load())
	}
	if err := p.Do(context.Background(), nil); !errors.Is(err, ErrClosed) {
		t.Errorf("Do after Close: %v", err)
	}
	if err := p.Close(context.Background()); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

func TestPoolDropsWhatFailed(t *testing.T) {
	p := newTestPool(t, 1)
	ctx := context.Background()
	var seen []*Instance
	err := p.Do(ctx, func(i *Instance) error {
		seen = append(seen, i)
		return i.Fail(ctx)
	})
	if err == nil {
		t.Fatal("a trap is an error")
	}
	counts := func() (count uint32) {
		if err := p.Do(ctx, func(i *Instance) (err error) {
			seen = append(seen, i)
			count, err = i.Increment(ctx)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return count
	}
	if got := counts(); got != 1 {
		t.Errorf("the instance that trapped was used again: %d", got)
	}
	if got := counts(); got != 2 {
		t.Errorf("a good instance was dropped: %d", got)
	}
	func() {
		defer func() { _ = recover() }()
		_ = p.Do(ctx, func(*Instance) error { panic("f") })
	}()
	if got := counts(); got != 1 {
		t.Errorf("the instance of a panic was used again: %d", got)
	}
	_ = p.Do(ctx, func(i *Instance) error { i.Discard(); return nil })
	if got := counts(); got != 1 {
		t.Errorf("a discarded instance was used again: %d", got)
	}
	// On a busy machine, the context can be done before the call.
	for wait := 10 * time.Millisecond; wait < time.Minute; wait *= 4 {
		if err := p.Do(ctx, func(i *Instance) error {
			cancelled, cancel := context.WithCancel(ctx)
			time.AfterFunc(wait, cancel)
			return i.Spin(cancelled)
		}); errors.Is(err, ErrTrapped) {
			break
		}
	}
	if got := counts(); got != 1 {
		t.Errorf("an instance that a context closed was used again: %d", got)
	}
	for _, i := range seen[:len(seen)-1] {
		if i != seen[len(seen)-1] && !i.mod.IsClosed() {
			t.Error("an instance that was dropped is open")
		}
	}
}

func TestPoolWaitsNoLongerThanItsContext(t *testing.T) {
	p := newTestPool(t, 1)
	ctx := context.Background()
	i, err := p.Get(ctx)
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	if _, err := p.Get(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a full pool: %v", err)
	}
	if err := p.Close(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close with an instance outside: %v", err)
	}
	if _, err := i.Increment(ctx); err != nil {
		t.Errorf("closed under its user: %v", err)
	}
	waiting := make(chan error)
	go func() { waiting <- p.Close(ctx) }()
	p.Put(i)
	if err := <-waiting; err != nil {
		t.Error(err)
	}
	if !i.mod.IsClosed() {
		t.Error("an instance is left open")
	}
	defer func() {
		if recover() == nil {
			t.Error("a second Put is not noticed")
		}
	}()
	p.Put(i)
}
