package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

// A hostFunction is an imported function: a stub, one that does what the scenario declares, one of builtins, or one that
// always fails.
type hostFunction struct {
	Name    string   `json:"name"`
	Label   string   `json:"label"`
	Params  []string `json:"params"`
	Results []string `json:"results"`
	// Returns are 64 bits for each result, in decimal.
	Returns []string `json:"returns"`
	// Fails is why every call ends with an error; empty where it does not.
	Fails string `json:"fails,omitempty"`
	// Effects are declared ones, by caller and call.
	Effects [][]effects `json:"effects,omitempty"`
	Builtin string      `json:"builtin,omitempty"`
	// Observe says that its calls belong to outcomes.
	Observe bool `json:"observe,omitempty"`
}

var valueTypes = map[string]api.ValueType{
	"i32": api.ValueTypeI32, "i64": api.ValueTypeI64, "f32": api.ValueTypeF32, "f64": api.ValueTypeF64,
	"externref": api.ValueTypeExternref, "funcref": api.ValueType(0x70),
}

func typesOf(names []string) []api.ValueType {
	types := make([]api.ValueType, len(names))
	for i, name := range names {
		types[i] = valueTypes[name]
	}
	return types
}

// settingUp says that instances are set up, where a program that exits leaves its instance in use.
var settingUp atomic.Bool

// defineHosts defines the imported functions of all instances of a runtime.
func defineHosts(ctx context.Context, r wazero.Runtime, hosts []hostModule) error {
	for _, host := range hosts {
		builder := r.NewHostModuleBuilder(host.Name)
		if host.WASI {
			wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(builder)
			builder.NewFunctionBuilder().WithFunc(exit).Export("proc_exit")
		}
		for i := range host.Functions {
			one := &host.Functions[i]
			builder.NewFunctionBuilder().
				WithGoModuleFunction(api.GoModuleFunc(one.call), typesOf(one.Params), typesOf(one.Results)).
				Export(one.Name)
		}
		if _, err := builder.Instantiate(ctx); err != nil {
			return fmt.Errorf("imports of %s: %w", host.Name, err)
		}
	}
	return nil
}

// exit is proc_exit: as wazero has it, but an instance stays open when its main program ends before the callers start.
func exit(ctx context.Context, mod api.Module, code uint32) {
	if !settingUp.Load() {
		_ = mod.CloseWithExitCode(ctx, code)
	}
	panic(sys.NewExitError(code))
}

func (f *hostFunction) call(ctx context.Context, mod api.Module, stack []uint64) {
	state, known := ctx.Value(stateKey{}).(*callState)
	if !known {
		state = &callState{counts: map[string]int{}} // The start function, which nobody calls.
	}
	if err := f.answer(state, mod, stack); err != nil {
		var exit *sys.ExitError
		var outside *rangeError
		if errors.As(err, &exit) || errors.As(err, &outside) {
			panic(err)
		}
		panic(&hostError{f.Label + ": " + err.Error()})
	}
}

func (f *hostFunction) answer(state *callState, mod api.Module, stack []uint64) error {
	switch {
	case f.Fails != "":
		return &hostError{f.Fails}
	case len(f.Effects) > 0:
		return f.declared(state, mod.Memory(), stack)
	case f.Observe:
		state.observed = append(state.observed, f.callText(stack[:len(f.Params)], nil))
	}
	if f.Builtin != "" {
		return f.builtin(state, mod.Memory(), stack)
	}
	copy(stack, f.bits())
	return nil
}

// bits are the values that it returns.
func (f *hostFunction) bits() []uint64 {
	found := make([]uint64, len(f.Returns))
	for i, text := range f.Returns {
		bits, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			panic(err)
		}
		found[i] = bits
	}
	return found
}

// moduleConfig is what an instance is made with.
func moduleConfig(p *plan) wazero.ModuleConfig {
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	if p.WASI == nil {
		return config
	}
	config = config.WithArgs(p.WASI.Args...)
	for _, pair := range p.WASI.Env {
		config = config.WithEnv(pair[0], pair[1])
	}
	if p.WASI.Clock {
		config = config.WithSysWalltime().WithSysNanotime()
	} else {
		// A stopped clock, as exploration has it: wazero's own goes on with each reading.
		config = config.
			WithWalltime(func() (int64, int32) { return standstill, 0 }, sys.ClockResolution(1)).
			WithNanotime(func() int64 { return standstill * 1e9 }, sys.ClockResolution(1))
	}
	if p.WASI.Random {
		config = config.WithRandSource(rand.Reader)
	}
	// Without it, wazero's source is the same in each instance. It has no lock, which is a hazard of its own.
	return config
}

// standstill is the time of the stopped clock, in seconds since 1970.
const standstill = 1_000_000_000

// oneLine shortens an error to its first line.
func oneLine(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}
