package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"time"
)

// A runner runs serial orders and rounds.
type runner struct {
	guest    *guest
	base     *baseline
	result   *result
	watch    *watch
	call     time.Duration
	longest  time.Duration
	reported time.Time
	random   *rand.Rand
}

// jitters are the longest delays of callers, one for each round in turn.
var jitters = []int{0, 4, 16, 64, 256, 1024}

// callers makes the callers of a set.
func (r *runner) callers(ctx context.Context, s *set) []*caller {
	p := r.guest.plan
	made := make([]*caller, len(p.Callers))
	for i, steps := range p.Callers {
		instance := p.InstanceOf[i]
		one := &caller{performer: newPerformer(ctx, i, s.instances[instance], s.names[instance]), steps: steps}
		one.prepare(steps)
		made[i] = one
	}
	return made
}

// ended takes the outcome of calls that have returned; makes the probe.
func (r *runner) ended(ctx context.Context, s *set, callers []*caller) outcome {
	found := outcome{Results: make([][]string, len(callers)), Probe: []string{}}
	for i, c := range callers {
		found.Results[i] = c.results
	}
	state := r.base.left(s)
	found.State, found.Words = state.hash, state.words
	if found.Words == nil {
		found.Words = []word{}
	}
	p := r.guest.plan
	if len(p.Probe) > 0 {
		r.watch.begin("probe", r.call, nil)
		probe := newPerformer(ctx, 0, s.instances[0], s.names[0])
		// It is the first caller that makes them.
		probe.ctx, probe.state = callers[0].ctx, callers[0].state
		for i := range p.Probe {
			found.Probe = append(found.Probe, probe.perform(&p.Probe[i]))
		}
	}
	r.watch.end()
	return found
}

// serial makes the calls in one order, each after the other, on fresh instances.
func (r *runner) serial(ctx context.Context, order []int) (outcome, error) {
	r.watch.begin("setup", r.loading(), nil)
	s, err := r.guest.fresh(ctx)
	if err != nil {
		return outcome{}, err
	}
	defer s.close(ctx)
	if r.base == nil {
		r.base = takeBaseline(r.guest.plan, s)
	}
	callers := r.callers(ctx, s)
	next := make([]int, len(callers))
	began := time.Now()
	for i, index := range order {
		r.watch.starts(order[:i+1], r.call)
		c := callers[index]
		c.results = append(c.results, c.perform(&c.steps[next[index]]))
		next[index]++
	}
	if took := time.Since(began); took > r.longest {
		r.longest = took
	}
	return r.ended(ctx, s, callers), nil
}

// serials makes the calls in all serial orders that can end. Orders are made twice, where they are few: outcomes that
// differ from one time to the next cannot be compared.
func (r *runner) serials(ctx context.Context) error {
	p := r.guest.plan
	known := map[string]*serialOutcome{}
	until := time.Now().Add(time.Duration(p.SerialSeconds * float64(time.Second)))
	for i, one := range p.Orders {
		if time.Now().After(until) {
			return nil
		}
		if isStuck(p.Stuck, one.Callers) {
			r.result.StuckRun++
			continue
		}
		found, err := r.serial(ctx, one.Callers)
		if err != nil {
			return err
		}
		key := found.key()
		if i < maxRepeated {
			again, err := r.serial(ctx, one.Callers)
			if err != nil {
				return err
			}
			if again.key() != key && r.result.Differs == "" {
				r.result.Differs = difference(&found, &again)
			}
		}
		r.result.OrdersRun++
		if old := known[key]; old != nil {
			if one.Whole && !old.Whole {
				old.Order, old.Whole = one.Callers, true
			}
			continue
		}
		made := &serialOutcome{outcome: found, Order: one.Callers, Whole: one.Whole}
		known[key] = made
		r.result.mu.Lock()
		r.result.Serial = append(r.result.Serial, made)
		r.result.mu.Unlock()
		r.report("serial orders", i+1)
	}
	return nil
}

// maxRepeated is how many serial orders are made twice.
const maxRepeated = 24

// difference says in what two outcomes of the same order differ.
func difference(a, b *outcome) string {
	for i, list := range a.Results {
		for k, text := range list {
			if other := b.Results[i][k]; other != text {
				return fmt.Sprintf("%s and %s", text, other)
			}
		}
	}
	for i, text := range a.Probe {
		if b.Probe[i] != text {
			return fmt.Sprintf("%s and %s", text, b.Probe[i])
		}
	}
	return "two different states"
}

// isStuck says whether an order begins like one in which a call did not return.
func isStuck(stuck [][]int, order []int) bool {
	for _, beginning := range stuck {
		same := len(beginning) <= len(order)
		for i := 0; same && i < len(beginning); i++ {
			same = beginning[i] == order[i]
		}
		if same {
			return true
		}
	}
	return false
}

// rounds lets all callers run at once, again and again, on fresh instances each time.
func (r *runner) rounds(ctx context.Context) error {
	p := r.guest.plan
	began := time.Now()
	budget := time.Duration(p.Seconds * float64(time.Second))
	limit := r.call + 100*r.longest
	for n := 0; n < p.Rounds && (n == 0 || time.Since(began) < budget); n++ {
		if err := r.round(ctx, n, limit, began); err != nil {
			return err
		}
		r.report("rounds", n+1)
	}
	return nil
}

func (r *runner) round(ctx context.Context, n int, limit time.Duration, began time.Time) error {
	r.watch.begin("setup", r.loading(), nil)
	s, err := r.guest.fresh(ctx)
	if err != nil {
		return err
	}
	defer s.close(ctx)
	if r.base == nil {
		r.base = takeBaseline(r.guest.plan, s)
	}
	callers := r.callers(ctx, s)
	for _, c := range callers {
		c.delay = r.random.Intn(jitters[n%len(jitters)] + 1)
	}
	w := watchRound(n, s.instances)
	r.watch.begin("rounds", limit, callers)
	together(callers)
	w.end()
	r.result.count(r.ended(ctx, s, callers), time.Since(began).Seconds())
	return nil
}

func (r *runner) loading() time.Duration {
	return time.Duration(r.guest.plan.LoadSeconds * float64(time.Second))
}

// report tells the parent how far the run is, and writes the result, several times a second.
func (r *runner) report(phase string, count int) {
	if time.Since(r.reported) < 200*time.Millisecond {
		return
	}
	r.reported = time.Now()
	line, err := json.Marshal(map[string]any{"phase": phase, "count": count})
	if err == nil {
		_, _ = fmt.Printf("%s\n", line)
	}
	_ = r.result.write()
}
