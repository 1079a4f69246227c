// Package wazero stands for the runtime of that name where its sources are not at hand: the part that generated code
// uses, with the signatures of wazero 1.9, and modules whose exports are written in Go. As the real one it guards
// neither function objects nor the state of an instance.
package wazero

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tetratelabs/wazero/api"
)

type Runtime interface {
	InstantiateWithConfig(ctx context.Context, source []byte, config ModuleConfig) (api.Module, error)
	NewHostModuleBuilder(moduleName string) HostModuleBuilder
	CompileModule(ctx context.Context, binary []byte) (CompiledModule, error)
	InstantiateModule(ctx context.Context, compiled CompiledModule, config ModuleConfig) (api.Module, error)
	api.Closer
}

type CompiledModule interface {
	Name() string
	Close(context.Context) error
}

type CompilationCache interface{ api.Closer }

type RuntimeConfig interface {
	WithCoreFeatures(api.CoreFeatures) RuntimeConfig
	WithMemoryLimitPages(memoryLimitPages uint32) RuntimeConfig
	WithCompilationCache(CompilationCache) RuntimeConfig
	WithCloseOnContextDone(bool) RuntimeConfig
}

type ModuleConfig interface {
	WithName(string) ModuleConfig
	WithStartFunctions(...string) ModuleConfig
	WithSysWalltime() ModuleConfig
	WithSysNanotime() ModuleConfig
	WithSysNanosleep() ModuleConfig
	WithRandSource(io.Reader) ModuleConfig
}

type HostModuleBuilder interface {
	NewFunctionBuilder() HostFunctionBuilder
	Compile(context.Context) (CompiledModule, error)
	Instantiate(context.Context) (api.Module, error)
}

type HostFunctionBuilder interface {
	WithFunc(interface{}) HostFunctionBuilder
	WithName(name string) HostFunctionBuilder
	Export(name string) HostModuleBuilder
}

func NewRuntimeConfig() RuntimeConfig            { return config{} }
func NewRuntimeConfigInterpreter() RuntimeConfig { return config{} }
func NewModuleConfig() ModuleConfig              { return moduleConfig{} }
func NewCompilationCache() CompilationCache      { return newCache() }
func NewRuntime(ctx context.Context) Runtime     { return NewRuntimeWithConfig(ctx, config{}) }
func NewRuntimeWithConfig(_ context.Context, c RuntimeConfig) Runtime {
	Made.Add(1)
	codes := c.(config).cache
	if codes == nil {
		codes = newCache()
	}
	return &runtime{names: map[string]bool{}, codes: codes}
}

type config struct{ cache *cache }

func (c config) WithCoreFeatures(api.CoreFeatures) RuntimeConfig { return c }
func (c config) WithMemoryLimitPages(uint32) RuntimeConfig       { return c }
func (c config) WithCompilationCache(codes CompilationCache) RuntimeConfig {
	c.cache = codes.(*cache)
	return c
}
func (c config) WithCloseOnContextDone(bool) RuntimeConfig { return c }

type moduleConfig struct{ name string }

func (c moduleConfig) WithName(name string) ModuleConfig         { c.name = name; return c }
func (c moduleConfig) WithStartFunctions(...string) ModuleConfig { return c }
func (c moduleConfig) WithSysWalltime() ModuleConfig             { return c }
func (c moduleConfig) WithSysNanotime() ModuleConfig             { return c }
func (c moduleConfig) WithSysNanosleep() ModuleConfig            { return c }
func (c moduleConfig) WithRandSource(io.Reader) ModuleConfig     { return c }

// cache has the code of modules, for all runtimes that it is given to; code that is dropped is gone for all of them.
type cache struct {
	mu    sync.Mutex
	codes map[string]bool
}

func newCache() *cache { return &cache{codes: map[string]bool{}} }

func (c *cache) has(binary string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.codes[binary]
}

func (c *cache) set(binary string, there bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.codes[binary] = there
}

func (c *cache) Close(context.Context) error { return nil }

// State is what the exports of one instance work on.
type State struct {
	Count  uint32
	Memory []byte
}

// Exports are the functions of every instance, and Made and Alive count runtimes and open instances.
var (
	Exports map[string]func(ctx context.Context, state *State, params []uint64) ([]uint64, error)
	Made    atomic.Int64
	Alive   atomic.Int64
	Ever    atomic.Int64
)

type runtime struct {
	mu     sync.Mutex
	names  map[string]bool
	mods   []*module
	closed bool
	codes  *cache
}

type compiled struct {
	binary string
	host   bool
}

func (compiled) Name() string                { return "" }
func (compiled) Close(context.Context) error { return nil }

func (r *runtime) CompileModule(_ context.Context, binary []byte) (CompiledModule, error) {
	r.codes.set(string(binary), true)
	return compiled{binary: string(binary)}, nil
}

// InstantiateWithConfig makes a module that drops its code when it is closed, as the real one does.
func (r *runtime) InstantiateWithConfig(ctx context.Context, binary []byte, c ModuleConfig) (api.Module, error) {
	code, _ := r.CompileModule(ctx, binary)
	time.Sleep(time.Millisecond)
	mod, err := r.InstantiateModule(ctx, code, c)
	if err == nil {
		mod.(*module).drops = func() { r.codes.set(string(binary), false) }
	}
	return mod, err
}

func (r *runtime) InstantiateModule(ctx context.Context, code CompiledModule, c ModuleConfig) (api.Module, error) {
	if code := code.(compiled); !code.host && !r.codes.has(code.binary) {
		return nil, errors.New("source module must be compiled before instantiation")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, errors.New("runtime closed with exit_code(0)")
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name := c.(moduleConfig).name
	if name != "" && r.names[name] {
		return nil, fmt.Errorf("module[%s] has already been instantiated", name)
	}
	r.names[name] = true
	m := &module{name: name, state: &State{Memory: make([]byte, 1<<16)}}
	r.mods = append(r.mods, m)
	Alive.Add(1)
	Ever.Add(1)
	return m, nil
}

func (r *runtime) Close(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for _, m := range r.mods {
		_ = m.Close(ctx)
	}
	return nil
}

type module struct {
	name   string
	state  *State
	closed atomic.Bool
	drops  func()
}

func (m *module) Name() string       { return m.name }
func (m *module) Memory() api.Memory { return memory{m.state} }
func (m *module) IsClosed() bool     { return m.closed.Load() }

func (m *module) Close(context.Context) error {
	if m.closed.CompareAndSwap(false, true) {
		Alive.Add(-1)
		if m.drops != nil {
			m.drops()
		}
	}
	return nil
}

func (m *module) ExportedFunction(name string) api.Function {
	f := Exports[name]
	if f == nil {
		return nil
	}
	return &function{module: m, f: f}
}

type function struct {
	module *module
	f      func(context.Context, *State, []uint64) ([]uint64, error)
	busy   int
}

// Call writes to the function object, so that the race detector sees two calls of one.
func (f *function) Call(ctx context.Context, params ...uint64) ([]uint64, error) {
	f.busy++
	defer func() { f.busy-- }()
	if f.module.IsClosed() {
		return nil, errors.New("module closed with exit_code(0)")
	}
	if ctx.Err() != nil {
		_ = f.module.Close(ctx)
		return nil, errors.New("module closed with context canceled")
	}
	return f.f(ctx, f.module.state, params)
}

type memory struct{ state *State }

func (m memory) Size() uint32 { return uint32(len(m.state.Memory)) }

func (m memory) Grow(deltaPages uint32) (uint32, bool) {
	before := uint32(len(m.state.Memory) >> 16)
	if deltaPages > 0 {
		m.state.Memory = append(append([]byte(nil), m.state.Memory...), make([]byte, deltaPages<<16)...)
	}
	return before, true
}

func (m memory) Read(offset, byteCount uint32) ([]byte, bool) {
	if uint64(offset)+uint64(byteCount) > uint64(len(m.state.Memory)) {
		return nil, false
	}
	return m.state.Memory[offset : offset+byteCount], true
}

func (m memory) Write(offset uint32, v []byte) bool {
	view, ok := m.Read(offset, uint32(len(v)))
	copy(view, v)
	return ok
}

type hostModule struct {
	r    *runtime
	name string
	err  error
}

// NewHostModuleBuilder checks functions as the real one does: what does not map to WebAssembly fails to instantiate.
func (r *runtime) NewHostModuleBuilder(name string) HostModuleBuilder {
	return &hostModule{r: r, name: name}
}

func (h *hostModule) NewFunctionBuilder() HostFunctionBuilder         { return &hostFunction{h} }
func (h *hostModule) Compile(context.Context) (CompiledModule, error) { return compiled{}, h.err }
func (h *hostModule) Instantiate(ctx context.Context) (api.Module, error) {
	if h.err != nil {
		return nil, h.err
	}
	return h.r.InstantiateModule(ctx, compiled{host: true}, moduleConfig{name: h.name})
}

type hostFunction struct{ h *hostModule }

func (f *hostFunction) WithName(string) HostFunctionBuilder  { return f }
func (f *hostFunction) Export(name string) HostModuleBuilder { return f.h }
func (f *hostFunction) WithFunc(fn interface{}) HostFunctionBuilder {
	if reflect.TypeOf(fn).Kind() != reflect.Func {
		f.h.err = fmt.Errorf("kind != func: %T", fn)
		return f
	}
	t := reflect.TypeOf(fn)
	for i := 0; i < t.NumIn(); i++ {
		switch t.In(i).Kind() {
		case reflect.Interface, reflect.Uint32, reflect.Int32, reflect.Uint64, reflect.Int64, reflect.Float32, reflect.Float64:
		default:
			f.h.err = fmt.Errorf("param[%d] is unsupported: %s", i, t.In(i))
		}
	}
	return f
}
