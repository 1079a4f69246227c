/** Go, wazero: one instance for all goroutines, behind a lock that is held for whole protocols. */

import { header } from '../header.ts';
import { goString } from '../quoting.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { instantiate } from './instantiate.ts';
import { packageNameOf } from './packageName.ts';
import {
  convenienceMethod,
  goFields,
  goImports,
  goInstance,
  goProtocolAdvice,
  instanceMethod,
  methodNames,
  programImports,
  WAZERO,
} from './parts.ts';
import { importAdvice, realWorld, runtimeSetup } from './setup.ts';

const RESERVED = ['Discard', 'ReadMemory', 'WriteMemory', 'Do', 'Reset', 'Close'];

/**
 * Source of a Go package with the type `Guarded`: `Do` runs a function with exclusive use of the instance, and `Reset`
 * replaces an instance after a failed call.
 */
export function goMutex(input: WrapInput): string {
  const { surface, moduleFile } = input;
  const packageName = input.packageName ?? packageNameOf(input.base);
  // What it imports belongs to its runtime: where that is state, only another runtime has it new.
  const ownRuntimes = surface.state.length > 0;
  const names = methodNames(surface, RESERVED);
  const setup = runtimeSetup(surface, {
    infix: '',
    base: 'wazero.NewRuntimeConfig()',
    config: [
      '// When the context of a call is done, the call ends and the instance is closed.',
      'WithCloseOnContextDone(true)',
    ],
    cache: ownRuntimes,
  });
  const nameOf = (one: WrapExport): string => names.get(one) ?? '';
  return `${header(input, `One instance of ${moduleFile} for wazero, guarded by a lock: one goroutine at a time uses it.`, advice(input, names)).join('\n')}

// Package ${packageName} guards one instance of a WebAssembly module with a lock.
package ${packageName}

${goImports(['context', 'errors', 'fmt', WAZERO, `${WAZERO}/api`, ...programImports(surface), ...realWorld(surface).imports, ...setup.imports])}
// ErrClosed is returned by Do after Close.
var ErrClosed = errors.New(${goString(`${packageName}: closed`)})

// ErrBroken is returned by Do after a failed call or a panic: the state of the instance is unknown.
// Reset creates a new instance.
var ErrBroken = errors.New(${goString(`${packageName}: an earlier call failed; Reset creates a new instance`)})

${goInstance(moduleFile, surface, [...(ownRuntimes ? [['runtime', 'wazero.Runtime'] as const] : []), ['failed', 'bool']])}
${surface.exports.map((one) => instanceMethod(nameOf(one), one)).join('\n')}
// Guarded is the instance and its lock.
type Guarded struct {
${
  ownRuntimes
    ? goFields([
        ['wasm', '[]byte'],
        ['cache', 'wazero.CompilationCache'],
      ])
    : goFields([
        ['runtime', 'wazero.Runtime'],
        ['compiled', 'wazero.CompiledModule'],
      ])
}

	// lock is full while the instance is in use. Unlike with a sync.Mutex, a caller can stop waiting for it.
	lock     chan struct{}
	instance *Instance
}

${ownRuntimes ? NEW_RUNTIME : NEW}
// Do runs f with exclusive use of the instance. Make all calls that belong together in one f, or another goroutine
// can run in between. Neither f nor a host function that the module calls may call Do: the lock is not reentrant, and
// the inner Do blocks until its context is done. A host function may call the module through the api.Module that it gets.
func (g *Guarded) Do(ctx context.Context, f func(*Instance) error) error {
	if err := g.acquire(ctx); err != nil {
		return err
	}
	defer g.release()
	i := g.instance
	if i == nil {
		return ErrClosed
	}
	if i.failed || i.mod.IsClosed() {
		return ErrBroken
	}
	finished := false
	defer func() {
		// f panicked: the state of the instance is unknown.
		if !finished {
			i.failed = true
		}
	}()
	err := f(i)
	finished = true
	return err
}

// Reset replaces the instance with a new one. The state of the old one is lost.
func (g *Guarded) Reset(ctx context.Context) error {
	if err := g.acquire(ctx); err != nil {
		return err
	}
	defer g.release()
	if g.instance == nil {
		return ErrClosed
	}
	_ = g.instance.${ownRuntimes ? 'runtime' : 'mod'}.Close(ctx)
	// If that fails, the old instance stays in place, closed.
	i, err := g.instantiate(ctx)
	if err == nil {
		g.instance = i
	}
	return err
}

// Close waits for the lock, so it does not close the instance while a goroutine uses it.
func (g *Guarded) Close(ctx context.Context) error {
	if err := g.acquire(ctx); err != nil {
		return err
	}
	defer g.release()
${ownRuntimes ? CLOSE_RUNTIME : '	g.instance = nil\n	return g.runtime.Close(ctx)'}
}

func (g *Guarded) acquire(ctx context.Context) error {
	// select picks any case that is ready, even if ctx was done from the start.
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case g.lock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *Guarded) release() {
	<-g.lock
}

${instantiate(surface, 'g', 'Guarded', ownRuntimes, '')}
${surface.exports.map((one) => convenienceMethod('g', 'Guarded', nameOf(one), one)).join('\n')}${setup.text}`;
}

const NEW = `// New compiles the module and creates the instance.
func New(ctx context.Context, wasm []byte) (*Guarded, error) {
	r, err := newRuntime(ctx)
	if err != nil {
		return nil, err
	}
	compiled, err := r.CompileModule(ctx, wasm)
	if err != nil {
		_ = r.Close(ctx)
		return nil, err
	}
	g := &Guarded{runtime: r, compiled: compiled, lock: make(chan struct{}, 1)}
	if g.instance, err = g.instantiate(ctx); err != nil {
		_ = r.Close(ctx)
		return nil, err
	}
	return g, nil
}
`;

const NEW_RUNTIME = `// New compiles the module and creates the instance.
func New(ctx context.Context, wasm []byte) (*Guarded, error) {
	g := &Guarded{wasm: wasm, cache: wazero.NewCompilationCache(), lock: make(chan struct{}, 1)}
	var err error
	if g.instance, err = g.instantiate(ctx); err != nil {
		_ = g.cache.Close(ctx)
		return nil, err
	}
	return g, nil
}
`;

const CLOSE_RUNTIME = `	if g.instance == nil {
		return nil
	}
	err := g.instance.runtime.Close(ctx)
	g.instance = nil
	if closing := g.cache.Close(ctx); err == nil {
		err = closing
	}
	return err`;

function advice(input: WrapInput, names: ReadonlyMap<WrapExport, string>): string[] {
  const { surface } = input;
  const lines = [...goProtocolAdvice(input, names), ...importAdvice(surface)];
  if (surface.state.length > 0)
    lines.push(
      'The module imports state. The instance has its own runtime, so that no other instance can import the same memory, tables or globals. Reset creates a new runtime, and with it new memory, tables and globals.',
    );
  if (surface.command)
    lines.push(
      'The module is a command: _start runs once per instance, and Reset creates a new instance for the next run.',
    );
  return lines;
}
