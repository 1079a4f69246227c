// The driver of wasm-hazards verify: runs the calls of a scenario on wazero, first in serial orders, then concurrently.
// It is built as a package of the user's module, through an overlay, and so uses the wazero of that module.
package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

func main() {
	go watchParent()
	if err := run(os.Getenv("WASM_HAZARDS_PLAN"), os.Getenv("WASM_HAZARDS_RESULT")); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(exitTrouble)
	}
}

// run does what the plan says, and writes the result: a refusal of wazero is one, too.
func run(planPath, resultPath string) error {
	p, err := readPlan(planPath)
	if err != nil {
		return err
	}
	memoryName = p.MemoryName
	found := &result{
		path:       resultPath,
		index:      map[string]*countedOutcome{},
		Serial:     []*serialOutcome{},
		Outcomes:   []*countedOutcome{},
		GoVersion:  runtime.Version(),
		Processors: runtime.GOMAXPROCS(0),
	}
	w := &watch{result: found}
	go w.guard()
	if err := measure(p, filepath.Dir(planPath), found, w); err != nil {
		var refused *refusal
		if !errors.As(err, &refused) {
			return err
		}
		found.Refusal = &refusalResult{Kind: refused.kind, Message: refused.message, Path: refused.path}
	}
	w.end()
	found.Done = true
	return found.write()
}

func measure(p *plan, folder string, found *result, w *watch) error {
	ctx := context.Background()
	r := &runner{
		result: found,
		watch:  w,
		call:   time.Duration(p.CallSeconds * float64(time.Second)),
		random: rand.New(rand.NewSource(int64(p.Seed))),
	}
	w.begin("load", time.Duration(p.LoadSeconds*float64(time.Second)), nil)
	g, err := load(ctx, p, folder)
	if err != nil {
		return err
	}
	r.guest = g
	if err := r.serials(ctx); err != nil {
		return err
	}
	// The first rounds may end the process.
	if err := found.write(); err != nil {
		return err
	}
	return r.rounds(ctx)
}
