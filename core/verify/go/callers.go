package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A caller makes its steps beside the others. Each one has a function of its own below, which names it in the stacks of
// race reports.
type caller struct {
	*performer
	steps   []step
	results []string
	// at is the step that it is in, for the report about a hang; its number of steps once it has returned.
	at atomic.Int32
	// delay is how long it waits after the barrier, in turns of a loop: where short calls overlap depends on the machine.
	delay int
}

// A barrier lets all callers begin at once: at a moment that the last one to arrive sets, since the others learn only
// later that it has arrived.
type barrier struct {
	waiting atomic.Int32
	callers int32
	begin   atomic.Int64
}

const (
	// maxSpins is how often a caller looks for the others before it lets them have its processor: one that gives it away
	// at once makes the callers run one after the other.
	maxSpins = 100_000
	// lead is how long after the arrival of the last caller all begin.
	lead = 2 * time.Microsecond
)

// epoch is what moments are counted from.
var epoch = time.Now()

func (b *barrier) wait() {
	if b.waiting.Add(1) == b.callers {
		b.begin.Store(int64(time.Since(epoch) + lead))
	}
	spins := maxSpins
	if int(b.callers) > runtime.GOMAXPROCS(0) {
		spins = 0
	}
	for i := 0; b.begin.Load() == 0; i++ {
		if i >= spins {
			runtime.Gosched()
		}
	}
	for int64(time.Since(epoch)) < b.begin.Load() {
	}
}

// run makes the steps of a caller.
func (c *caller) run(b *barrier) {
	b.wait()
	spin(c.delay)
	for i := range c.steps {
		c.at.Store(int32(i))
		atStep[i%len(atStep)](c, i)
	}
	c.at.Store(int32(len(c.steps)))
}

//go:noinline
func spin(turns int) {
	for i := 0; i < turns; i++ {
		idle.Load()
	}
}

var idle atomic.Int32

// together runs all callers and waits until they have returned.
func together(callers []*caller) {
	b := &barrier{callers: int32(len(callers))}
	var done sync.WaitGroup
	for i, c := range callers {
		done.Add(1)
		go func(run func(*caller, *barrier), c *caller) {
			defer done.Done()
			run(c, b)
		}(runs[i], c)
	}
	done.Wait()
}

var runs = []func(*caller, *barrier){callerA, callerB, callerC, callerD, callerE, callerF, callerG, callerH, callerI, callerJ, callerK, callerL, callerM, callerN, callerO, callerP}

//go:noinline
func callerA(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerB(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerC(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerD(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerE(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerF(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerG(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerH(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerI(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerJ(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerK(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerL(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerM(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerN(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerO(c *caller, b *barrier) { c.run(b) }

//go:noinline
func callerP(c *caller, b *barrier) { c.run(b) }
