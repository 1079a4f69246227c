package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"
)

// Exit codes of the driver besides 0.
const (
	exitTrouble = 70
	exitHang    = 71
	exitAlone   = 72
)

// A watch ends the process when something takes longer than it may: a call that hangs cannot be ended otherwise.
type watch struct {
	mu      sync.Mutex
	phase   string
	until   time.Time
	began   []int
	callers []*caller
	result  *result
}

// begin says what is being done now and how long it may take.
func (w *watch) begin(phase string, limit time.Duration, callers []*caller) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.phase, w.until, w.callers = phase, time.Now().Add(limit), callers
}

// starts says that a serial order begins its next call.
func (w *watch) starts(order []int, limit time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.phase, w.until, w.began, w.callers = "serial", time.Now().Add(limit), order, nil
}

func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = time.Time{}
}

// guard looks from time to time, and never returns.
func (w *watch) guard() {
	for {
		time.Sleep(20 * time.Millisecond)
		w.mu.Lock()
		late := !w.until.IsZero() && time.Now().After(w.until)
		found := &hang{Phase: w.phase, Callers: []place{}, Began: w.began}
		if late {
			for i, c := range w.callers {
				if at := int(c.at.Load()); at < len(c.steps) {
					found.Callers = append(found.Callers, place{i, at})
				}
			}
		}
		w.mu.Unlock()
		if late {
			w.hung(found)
		}
	}
}

// hung tells what did not return, with the stacks of all goroutines, and ends the process.
func (w *watch) hung(found *hang) {
	w.result.mu.Lock()
	w.result.Hang = found
	w.result.mu.Unlock()
	if err := w.result.write(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
	}
	if found.Phase != "serial" {
		stacks := make([]byte, 1<<16)
		stacks = stacks[:runtime.Stack(stacks, true)]
		_, _ = fmt.Fprintf(os.Stderr, "%s did not return; goroutines:\n%s\n", found.Phase, stacks)
	}
	os.Exit(exitHang)
}

// watchParent ends the process with the one that started it, which holds the other end of the standard input.
func watchParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(exitAlone)
}
