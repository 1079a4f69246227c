package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

// A hostFunction is an imported function: a stub, or one that always fails.
type hostFunction struct {
	Name    string   `json:"name"`
	Label   string   `json:"label"`
	Params  []string `json:"params"`
	Results []string `json:"results"`
	// Returns are 64 bits for each result, in decimal.
	Returns []string `json:"returns"`
	// Fails is why every call ends with an error; empty where it does not.
	Fails string `json:"fails,omitempty"`
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

func (f *hostFunction) call(_ context.Context, _ api.Module, stack []uint64) {
	if f.Fails != "" {
		panic(&hostError{f.Label + ": " + f.Fails})
	}
	copy(stack, f.bits())
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
	}
	if p.WASI.Random {
		return config.WithRandSource(rand.Reader)
	}
	return config.WithRandSource(zeros{})
}

// zeros are the random bytes without a grant: the same in every run.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0
	}
	return len(p), nil
}

// oneLine shortens an error to its first line.
func oneLine(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}
