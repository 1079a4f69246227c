//go:build wasmhazardsremedies

package main

// The same scenario through generated code: the calls of each unit in one Do of the lock, or of the pool. Together with
// the files of the driver that read plans and make steps, with the generated code, and with holders.go, which knows the
// names in it, this is a program of its own.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// A remedyPlan is a plan, and what only remedies need.
type remedyPlan struct {
	plan
	// Remedy is mutex or pool.
	Remedy string `json:"remedy"`
	// Sequences says that a unit is the sequence of a caller; otherwise each step is one.
	Sequences bool `json:"sequences"`
	// Judged says that the orders are all that there are: behind the lock, no outcome of another one can occur.
	Judged bool `json:"judged"`
}

// A lent is an instance that generated code has given to one caller.
type lent struct {
	mod  api.Module
	call func(ctx context.Context, name string, params []uint64) ([]uint64, error)
}

// A holder is a generated lock or pool.
type holder interface {
	do(ctx context.Context, f func(lent) error) error
	close(ctx context.Context) error
}

// A remedyResult is what the process found.
type remedyResult struct {
	Rounds int `json:"rounds"`
	Wrong  int `json:"wrong"`
	// Judged: outcomes were compared. Examples are results of callers and probe that they must not have.
	Judged   bool         `json:"judged"`
	Examples [][][]string `json:"examples"`
	// Refused is why nothing could be run, and Stuck the calls that did not return.
	Refused string   `json:"refused,omitempty"`
	Stuck   []string `json:"stuck,omitempty"`
}

// through makes an api.Function of a call through generated code.
type through struct {
	api.Function
	name string
	of   *lent
}

func (t *through) Call(ctx context.Context, params ...uint64) ([]uint64, error) {
	return t.of.call(ctx, t.name, params)
}

// A unit is the steps that one Do makes.
func (p *remedyPlan) units(steps []step) [][]step {
	if p.Sequences {
		return [][]step{steps}
	}
	var units [][]step
	for i := range steps {
		units = append(units, steps[i:i+1])
	}
	return units
}

// setup returns the steps of the setup: what the module needs before its API works is a matter of the generated code.
func (p *remedyPlan) setup() []step {
	var steps []step
	for _, one := range p.Before {
		if one.Part == "setup" {
			steps = append(steps, one.Step)
		}
	}
	return steps
}

// hold points a performer to an instance that was lent.
func (p *performer) hold(i lent, steps []step) {
	p.mod = i.mod
	p.functions = map[string]api.Function{}
	for _, one := range steps {
		if one.Call != nil {
			p.functions[one.Call.Export] = &through{name: one.Call.Export, of: &i}
		}
	}
}

func (p *performer) all(i lent, steps []step) []string {
	p.hold(i, steps)
	texts := make([]string, len(steps))
	for k := range steps {
		texts[k] = p.perform(&steps[k])
	}
	return texts
}

// A remedyRun makes rounds with new holders of one module.
type remedyRun struct {
	plan  *remedyPlan
	wasm  []byte
	cache wazero.CompilationCache
	mu    sync.Mutex
	// calling is what callers do now, for the case that it does not end.
	calling map[int]doing
}

type doing struct {
	text  string
	since time.Time
}

func (r *remedyRun) begins(caller int, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calling[caller] = doing{text, time.Now()}
}

func (r *remedyRun) ends(caller int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.calling, caller)
}

// stuck returns what callers have been doing for that long.
func (r *remedyRun) stuck(long time.Duration) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var texts []string
	for caller, one := range r.calling {
		if time.Since(one.since) > long {
			texts = append(texts, fmt.Sprintf("%c %s", 'A'+caller, one.text))
		}
	}
	sort.Strings(texts)
	return texts
}

func (r *remedyRun) holder(ctx context.Context, size int) (holder, error) {
	config := wazero.NewRuntimeConfigInterpreter().WithCompilationCache(r.cache)
	return newHolder(ctx, r.plan, r.wasm, config, size)
}

// unit makes the steps of a unit in one Do.
func (r *remedyRun) unit(ctx context.Context, h holder, caller int, p *performer, unit []step) []string {
	texts := make([]string, len(unit))
	for i := range unit {
		texts[i] = "not reached"
	}
	r.begins(caller, unit[0].Text)
	defer r.ends(caller)
	if err := h.do(ctx, func(i lent) error {
		copy(texts, p.all(i, unit))
		return nil
	}); err != nil {
		texts[0] = "trap: " + trapText(err)
	}
	return texts
}

// locked makes the setup, then calls, then the probe, all behind the lock; texts are by caller, the probe's last.
func (r *remedyRun) locked(ctx context.Context, calls func(h holder, callers []*performer, units [][][]step, texts [][]string)) ([][]string, error) {
	h, err := r.holder(ctx, 1)
	if err != nil {
		return nil, err
	}
	defer h.close(context.Background())
	p := r.plan
	first := newPerformer(ctx, 0, nil, nil)
	if steps := p.setup(); len(steps) > 0 {
		for _, text := range r.unit(ctx, h, 0, first, steps) {
			if strings.HasPrefix(text, "trap: ") || strings.HasPrefix(text, fails) {
				return nil, errors.New("the setup failed: " + text)
			}
		}
	}
	callers := make([]*performer, len(p.Callers))
	units := make([][][]step, len(p.Callers))
	texts := make([][]string, len(p.Callers)+1)
	texts[len(p.Callers)] = []string{}
	for c, steps := range p.Callers {
		callers[c] = newPerformer(ctx, c, nil, first.names)
		units[c] = p.units(steps)
	}
	calls(h, callers, units, texts)
	if len(p.Probe) > 0 {
		texts[len(p.Callers)] = r.unit(ctx, h, 0, newPerformer(ctx, 0, nil, first.names), p.Probe)
	}
	return texts, nil
}

// inOrder makes the units of callers one after the other.
func (r *remedyRun) inOrder(ctx context.Context, order []int) ([][]string, error) {
	return r.locked(ctx, func(h holder, callers []*performer, units [][][]step, texts [][]string) {
		next := make([]int, len(callers))
		for _, c := range order {
			if next[c] < len(units[c]) {
				texts[c] = append(texts[c], r.unit(ctx, h, c, callers[c], units[c][next[c]])...)
				next[c]++
			}
		}
	})
}

// atOnce lets all callers start at the same time.
func (r *remedyRun) atOnce(ctx context.Context) ([][]string, error) {
	return r.locked(ctx, func(h holder, callers []*performer, units [][][]step, texts [][]string) {
		atTheSameTime(len(callers), func(c int, gate *barrier) {
			gate.wait()
			for _, unit := range units[c] {
				texts[c] = append(texts[c], r.unit(ctx, h, c, callers[c], unit)...)
			}
		})
	})
}

// pooled gives each caller an instance of a pool, with the setup made in it. Of alone, only that caller runs; -1: all do.
func (r *remedyRun) pooled(ctx context.Context, alone int) ([][]string, error) {
	p := r.plan
	h, err := r.holder(ctx, len(p.Callers))
	if err != nil {
		return nil, err
	}
	defer h.close(context.Background())
	texts := make([][]string, len(p.Callers))
	failed := make([]error, len(p.Callers))
	one := func(c int, gate *barrier) {
		steps := p.Callers[c]
		r.begins(c, steps[0].Text)
		defer r.ends(c)
		passed := false
		failed[c] = h.do(ctx, func(i lent) error {
			setup := newPerformer(ctx, c, nil, nil)
			if steps := p.setup(); len(steps) > 0 {
				setup.all(i, steps)
			}
			// Only now that every caller has an instance do calls begin: none gets one that another caller has used.
			passed = true
			gate.wait()
			texts[c] = newPerformer(ctx, c, nil, setup.names).all(i, steps)
			return nil
		})
		if !passed {
			gate.wait()
		}
	}
	if alone >= 0 {
		one(alone, &barrier{callers: 1})
	} else {
		atTheSameTime(len(p.Callers), one)
	}
	return texts, errors.Join(failed...)
}

// atTheSameTime runs f for each of n callers. All of them have to wait at the barrier once.
func atTheSameTime(n int, f func(caller int, gate *barrier)) {
	gate := &barrier{callers: int32(n)}
	var done sync.WaitGroup
	for c := 0; c < n; c++ {
		done.Add(1)
		go func(c int) {
			defer done.Done()
			f(c, gate)
		}(c)
	}
	done.Wait()
}

func keyOf(texts [][]string) string {
	made, _ := json.Marshal(texts)
	return string(made)
}

// serial returns what outcomes have to be, by key; judged is false where that is not known.
func (r *remedyRun) serial(ctx context.Context) (known map[string]bool, judged bool, err error) {
	p := r.plan
	known = map[string]bool{}
	if p.Remedy == "pool" {
		want := make([][]string, len(p.Callers))
		for c := range p.Callers {
			for time := 0; time < 2; time++ {
				texts, err := r.pooled(ctx, c)
				if err != nil {
					return nil, false, err
				}
				if time == 1 && keyOf(texts[c:c+1]) != keyOf(want[c:c+1]) {
					// Clocks or random numbers: there is nothing to compare with.
					return known, false, nil
				}
				want[c] = texts[c]
			}
		}
		known[keyOf(want)] = true
		return known, true, nil
	}
	if !p.Judged {
		return known, false, nil
	}
	end := time.Now().Add(r.loading() / 2)
	for _, one := range p.Orders {
		if time.Now().After(end) {
			return known, false, nil
		}
		if p.Sequences && !one.Whole {
			continue
		}
		order := one.Callers
		if p.Sequences {
			order = eachOnce(order)
		}
		texts, err := r.inOrder(ctx, order)
		if err != nil {
			return nil, false, err
		}
		again, err := r.inOrder(ctx, order)
		if err != nil {
			return nil, false, err
		}
		if keyOf(texts) != keyOf(again) {
			return known, false, nil
		}
		known[keyOf(texts)] = true
	}
	return known, len(known) > 0, nil
}

// eachOnce returns callers in the order of their first appearance.
func eachOnce(order []int) []int {
	var once []int
	seen := map[int]bool{}
	for _, c := range order {
		if !seen[c] {
			once = append(once, c)
		}
		seen[c] = true
	}
	return once
}

func (r *remedyRun) loading() time.Duration {
	return time.Duration(r.plan.LoadSeconds * float64(time.Second))
}

const maxExamples = 3

func (r *remedyRun) rounds(ctx context.Context, result *remedyResult) error {
	known, judged, err := r.serial(ctx)
	if err != nil {
		return err
	}
	result.Judged = judged
	end := time.Now().Add(time.Duration(r.plan.Seconds * float64(time.Second)))
	for result.Rounds < r.plan.Rounds && time.Now().Before(end) {
		var texts [][]string
		if r.plan.Remedy == "pool" {
			texts, err = r.pooled(ctx, -1)
		} else {
			texts, err = r.atOnce(ctx)
		}
		if err != nil {
			return err
		}
		result.Rounds++
		if judged && !known[keyOf(texts)] {
			result.Wrong++
			if len(result.Examples) < maxExamples {
				result.Examples = append(result.Examples, texts)
			}
		}
	}
	return nil
}

func main() {
	go watchParent()
	if err := remedies(os.Getenv("WASM_HAZARDS_PLAN"), os.Getenv("WASM_HAZARDS_RESULT")); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(exitTrouble)
	}
}

func remedies(planPath, resultPath string) error {
	text, err := os.ReadFile(planPath)
	if err != nil {
		return err
	}
	var p remedyPlan
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	wasm, err := os.ReadFile(filepath.Join(filepath.Dir(planPath), p.Wasm))
	if err != nil {
		return err
	}
	r := &remedyRun{plan: &p, wasm: wasm, cache: wazero.NewCompilationCache(), calling: map[int]doing{}}
	found := &remedyResult{}
	finished := make(chan error, 1)
	go func() { finished <- r.rounds(context.Background(), found) }()
	limit := time.Duration((p.Seconds+2*p.CallSeconds)*float64(time.Second)) + r.loading()
	select {
	case err := <-finished:
		if err != nil {
			found.Refused = oneLine(err)
		}
	case <-time.After(limit):
		// The rounds may still write to the result: what is told is only who did not return.
		found = &remedyResult{Stuck: r.stuck(r.loading() / 2)}
		if len(found.Stuck) == 0 {
			found.Refused = "it takes too long"
		}
	}
	made, err := json.Marshal(found)
	if err != nil {
		return err
	}
	return os.WriteFile(resultPath, made, 0o600)
}

// imported calls an imported function as the plan has it: with the 64 bits of its arguments, for those of its results.
func (p *remedyPlan) imported(ctx context.Context, mod api.Module, label string, results int, args ...uint64) []uint64 {
	stack := make([]uint64, len(args)+results)
	copy(stack, args)
	for h := range p.Hosts {
		for i := range p.Hosts[h].Functions {
			if one := &p.Hosts[h].Functions[i]; one.Label == label {
				one.call(ctx, mod, stack)
				return stack
			}
		}
	}
	return make([]uint64, results)
}
