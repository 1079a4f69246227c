package main

import (
	"encoding/json"
	"os"
	"strings"
	"sync"
)

// maxKinds is how many different outcomes are kept; for further ones only rounds are counted.
const maxKinds = 1000

// An outcome is what calls answered and left.
type outcome struct {
	Results [][]string `json:"results"`
	Probe   []string   `json:"probe"`
	// State is a hash of what was left, and Words the first differences from the state before the callers.
	State string `json:"state"`
	Words []word `json:"words"`
}

func (o *outcome) key() string {
	var b strings.Builder
	for _, list := range o.Results {
		b.WriteString(strings.Join(list, "\x00"))
		b.WriteByte(1)
	}
	b.WriteString(strings.Join(o.Probe, "\x00"))
	b.WriteByte(2)
	b.WriteString(o.State)
	return b.String()
}

type serialOutcome struct {
	outcome
	Order []int `json:"order"`
	Whole bool  `json:"whole"`
}

type countedOutcome struct {
	outcome
	Samples int `json:"samples"`
	key     string
}

// A place is where a caller was.
type place struct {
	Caller int `json:"caller"`
	Step   int `json:"step"`
}

type hang struct {
	// Phase is load, setup, serial, rounds or probe.
	Phase   string  `json:"phase"`
	Callers []place `json:"callers"`
	// Began are the calls of a serial order that had begun, one caller each.
	Began []int `json:"began"`
}

type refusalResult struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Path    []any  `json:"path,omitempty"`
}

// A result is what core/verify reads. It is written from time to time, so that it outlives the process.
type result struct {
	mu         sync.Mutex
	path       string
	index      map[string]*countedOutcome
	Refusal    *refusalResult    `json:"refusal,omitempty"`
	Serial     []*serialOutcome  `json:"serial"`
	OrdersRun  int               `json:"ordersRun"`
	StuckRun   int               `json:"stuckRun"`
	Differs    string            `json:"differs,omitempty"`
	Rounds     int               `json:"rounds"`
	Seconds    float64           `json:"seconds"`
	Outcomes   []*countedOutcome `json:"outcomes"`
	More       int               `json:"more"`
	Hang       *hang             `json:"hang,omitempty"`
	Done       bool              `json:"done"`
	GoVersion  string            `json:"goVersion"`
	Processors int               `json:"processors"`
}

// count adds the outcome of a round.
func (r *result) count(o outcome, seconds float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Rounds++
	r.Seconds = seconds
	key := o.key()
	if known := r.index[key]; known != nil {
		known.Samples++
		return
	}
	if len(r.index) >= maxKinds {
		r.More++
		return
	}
	made := &countedOutcome{outcome: o, Samples: 1, key: key}
	r.index[key] = made
	r.Outcomes = append(r.Outcomes, made)
}

// write replaces the result's file.
func (r *result) write() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := os.WriteFile(r.path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(r.path+".new", r.path)
}
