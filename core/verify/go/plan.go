package main

import (
	"encoding/json"
	"os"
)

// A plan is what one process does; core/verify/plan.ts writes it. Paths are relative to its folder.
type plan struct {
	Wasm string `json:"wasm"`
	// MemoryName is what messages call the memory.
	MemoryName string `json:"memoryName"`
	// Mode is interpreter-race, interpreter, compiler or watched; how the driver was built is the rest of the difference.
	Mode string `json:"mode"`
	// Threads switches shared memories and atomic instructions on.
	Threads bool `json:"threads"`
	// Instances is how many instances a round has; InstanceOf says which of them each caller calls.
	Instances  int          `json:"instances"`
	InstanceOf []int        `json:"instanceOf"`
	Hosts      []hostModule `json:"hosts"`
	Providers  []provider   `json:"providers"`
	WASI       *wasiGrants  `json:"wasi"`
	// StackGlobal is the export of the stack pointer; Stacks are values that the scenario gives it, by instance.
	StackGlobal string      `json:"stackGlobal"`
	Stacks      []string    `json:"stacks"`
	Before      []setupStep `json:"before"`
	Callers     [][]step    `json:"callers"`
	Probe       []step      `json:"probe"`
	Orders      []order     `json:"orders"`
	// Stuck are the beginnings of orders in which a call did not return, as earlier processes found out.
	Stuck [][]int   `json:"stuck"`
	State statePlan `json:"state"`
	// Rounds and Seconds bound the rounds; the first one that is reached ends them.
	Rounds  int     `json:"rounds"`
	Seconds float64 `json:"seconds"`
	// CallSeconds is how long a call may take before it is taken to hang, and LoadSeconds how long compiling and setup.
	CallSeconds float64 `json:"callSeconds"`
	LoadSeconds float64 `json:"loadSeconds"`
	// SerialSeconds is how long all serial orders may take: outcomes are not judged where they take longer.
	SerialSeconds float64 `json:"serialSeconds"`
	Seed          uint64  `json:"seed"`
}

// An order of calls, a caller for each; Whole: it leaves the sequences of callers undivided.
type order struct {
	Callers []int `json:"callers"`
	Whole   bool  `json:"whole"`
}

// A hostModule has the functions of one import module.
type hostModule struct {
	// Name is that of the import module, or another one where a provider passes the functions on.
	Name      string         `json:"name"`
	WASI      bool           `json:"wasi"`
	Functions []hostFunction `json:"functions"`
}

// A provider is a module that defines state for the imports of the guest. Common ones are made once a round; the others
// once for each instance.
type provider struct {
	Name   string `json:"name"`
	Wasm   string `json:"wasm"`
	Common bool   `json:"common"`
}

type wasiGrants struct {
	Args   []string    `json:"args"`
	Env    [][2]string `json:"env"`
	Clock  bool        `json:"clock"`
	Random bool        `json:"random"`
}

// A setupStep is made before the callers start, in these instances.
type setupStep struct {
	Step      step  `json:"step"`
	Instances []int `json:"instances"`
	// Part and Index say where in the scenario it is.
	Part  string `json:"part"`
	Index int    `json:"index"`
}

// A step of a caller: exactly one of Call, Write, Read and Expect.
type step struct {
	Text   string      `json:"text"`
	Call   *callStep   `json:"call,omitempty"`
	Write  *writeStep  `json:"write,omitempty"`
	Read   *readStep   `json:"read,omitempty"`
	Expect *expression `json:"expect,omitempty"`
	// Hidden is what outcomes have in place of a result that does not count; empty where it does.
	Hidden string `json:"hidden,omitempty"`
}

type callStep struct {
	Export  string     `json:"export"`
	Args    []argument `json:"args"`
	Results []string   `json:"results"`
	Names   []string   `json:"names,omitempty"`
}

// An argument is 64 bits in decimal, or an expression that becomes a value of its type.
type argument struct {
	Type string      `json:"type"`
	Bits string      `json:"bits,omitempty"`
	Expr *expression `json:"expr,omitempty"`
}

type writeStep struct {
	At *expression `json:"at"`
	content
}

// Content is what is written: bytes in hexadecimal digits, or a number of a type.
type content struct {
	Hex   string      `json:"hex,omitempty"`
	Type  string      `json:"type,omitempty"`
	Value *expression `json:"value,omitempty"`
}

type readStep struct {
	At     *expression `json:"at"`
	Type   string      `json:"type"`
	Length *expression `json:"length,omitempty"`
	As     string      `json:"as,omitempty"`
}

// A statePlan says what of the state that calls leave is compared.
type statePlan struct {
	Compare bool          `json:"compare"`
	Memory  bool          `json:"memory"`
	Shared  bool          `json:"shared"`
	Globals []stateGlobal `json:"globals"`
	// DeadFrom is where dead frames may begin, below the stack pointer; -1 where the module has no stack.
	DeadFrom int64 `json:"deadFrom"`
}

type stateGlobal struct {
	Export string `json:"export"`
	Text   string `json:"text"`
	Type   string `json:"type"`
}

func readPlan(path string) (*plan, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var p plan
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, err
	}
	return &p, nil
}
