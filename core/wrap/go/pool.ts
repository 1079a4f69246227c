/** Go, wazero: a bounded pool that lends out instances. */

import { header } from '../header.ts';
import { goString } from '../quoting.ts';
import type { WrapExport } from '../surface.ts';
import { poolStateAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { instantiate } from './instantiate.ts';
import { packageNameOf } from './packageName.ts';
import {
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

/**
 * Source of a Go package with the type `Pool`, which lends out instances. Each has a runtime of its own where the
 * module imports state that instances of one runtime would share.
 */
export function goPool(input: WrapInput): string {
  const { surface, moduleFile } = input;
  const packageName = input.packageName ?? packageNameOf(input.base);
  // Instances of one runtime import one and the same state, so each gets a runtime where that would be shared by
  // accident.
  const ownRuntimes = surface.privateState;
  const names = methodNames(surface, ['Discard', 'ReadMemory', 'WriteMemory']);
  const setup = runtimeSetup(surface, {
    infix: '',
    base: 'wazero.NewRuntimeConfig()',
    config: [
      '// When the context of a call is done, the call ends and its instance is closed.',
      'WithCloseOnContextDone(true)',
    ],
    cache: ownRuntimes,
  });
  const closed = goString(`${packageName}: the pool is closed`);
  return `${header(input, `A pool of instances of ${moduleFile} for wazero: the module is compiled once, and each goroutine that needs an instance gets one.`, advice(input, names)).join('\n')}

// Package ${packageName} lends out instances of a WebAssembly module, each to one goroutine at a time.
package ${packageName}

${goImports(['context', 'errors', 'fmt', 'sync', WAZERO, `${WAZERO}/api`, ...programImports(surface), ...realWorld(surface).imports, ...setup.imports])}
// ErrClosed is returned by Get and Do after Close.
var ErrClosed = errors.New(${closed})

${goInstance(
  moduleFile,
  surface,
  ownRuntimes
    ? [
        ['runtime', 'wazero.Runtime'],
        ['failed', 'bool'],
        ['lent', 'bool'],
      ]
    : [
        ['failed', 'bool'],
        ['lent', 'bool'],
      ],
)}
${surface.exports.map((one) => instanceMethod(names.get(one) ?? '', one)).join('\n')}
${ownRuntimes ? poolOfRuntimes(packageName) : poolInOneRuntime(packageName)}
${lending(packageName, ownRuntimes)}
${instantiate(surface, 'p', 'Pool', ownRuntimes, ', lent: true')}
${closing(ownRuntimes)}${setup.text}`;
}

function advice(input: WrapInput, names: ReadonlyMap<WrapExport, string>): string[] {
  const { surface } = input;
  const lines = [...poolStateAdvice(input), ...goProtocolAdvice(input, names), ...importAdvice(surface)];
  if (surface.commonMemory)
    lines.push(
      'The module imports a shared memory, and all instances of the pool work on that one memory: only globals and tables are private. Accesses to it without atomic instructions still race. A module with a stack in memory needs a separate stack for each instance: set its stack pointer before the first call.',
    );
  if (surface.privateState)
    lines.push(
      'The module imports state: memory, tables or mutable globals. Instances of one wazero runtime would all import the same state and race on it, so each instance has its own runtime here.',
    );
  if (surface.command)
    lines.push(
      'The module is a command: _start runs once per instance, and the pool creates a new instance for the next run.',
    );
  return lines;
}

const poolType = (
  own: readonly [string, string][],
): string => `// Pool lends out instances; NewPool sets how many at a time. State stays in an instance from one caller to the next:
// make all calls of a protocol in one Do.
type Pool struct {
${goFields([...own, ['tokens', 'chan struct{}'], ['done', 'chan struct{}'], ['drained', 'chan struct{}']])}

	mu     sync.Mutex
	idle   []*Instance
	lent   int
	closed bool
}
`;

const check = (packageName: string): string => `	if size < 1 {
		return nil, fmt.Errorf(${goString(`${packageName}: the pool size is %d, but must be at least 1`)}, size)
	}
`;

const poolInOneRuntime = (packageName: string): string => `${poolType([
  ['runtime', 'wazero.Runtime'],
  ['compiled', 'wazero.CompiledModule'],
])}
// NewPool compiles the module. Instances are created on demand, at most size of them at a time.
func NewPool(ctx context.Context, wasm []byte, size int) (*Pool, error) {
${check(packageName)}	r, err := newRuntime(ctx)
	if err != nil {
		return nil, err
	}
	compiled, err := r.CompileModule(ctx, wasm)
	if err != nil {
		_ = r.Close(ctx)
		return nil, err
	}
	return &Pool{
		runtime:  r,
		compiled: compiled,
		tokens:   make(chan struct{}, size),
		done:     make(chan struct{}),
		drained:  make(chan struct{}),
	}, nil
}
`;

const poolOfRuntimes = (packageName: string): string => `${poolType([
  ['wasm', '[]byte'],
  ['cache', 'wazero.CompilationCache'],
])}
// NewPool keeps the module; the first instance compiles it for all. Instances are created on demand, at most size of
// them at a time.
func NewPool(wasm []byte, size int) (*Pool, error) {
${check(packageName)}	return &Pool{
		wasm:    wasm,
		cache:   wazero.NewCompilationCache(),
		tokens:  make(chan struct{}, size),
		done:    make(chan struct{}),
		drained: make(chan struct{}),
	}, nil
}
`;

const lending = (
  packageName: string,
  ownRuntimes: boolean,
): string => `// Do runs f with exclusive use of an instance. Make all calls that belong together in one f.
func (p *Pool) Do(ctx context.Context, f func(*Instance) error) error {
	i, err := p.Get(ctx)
	if err != nil {
		return err
	}
	finished := false
	defer func() {
		// f panicked: the state of the instance is unknown.
		if !finished {
			i.failed = true
		}
		p.Put(i)
	}()
	err = f(i)
	finished = true
	return err
}

// Get waits for an instance until ctx is done. Return it with Put. Do calls both for you.
func (p *Pool) Get(ctx context.Context) (*Instance, error) {
	// select picks any case that is ready, even if ctx was done from the start.
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case p.tokens <- struct{}{}:
	case <-p.done:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	i, err := p.take()
	if err != nil {
		<-p.tokens
		return nil, err
	}
	if i != nil {
		return i, nil
	}
	if i, err = p.instantiate(ctx); err != nil {
		p.release()
		return nil, err
	}
	return i, nil
}

// take counts a loan and returns an idle instance, or nil if there is none.
func (p *Pool) take() (*Instance, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, ErrClosed
	}
	p.lent++
	last := len(p.idle) - 1
	if last < 0 {
		return nil, nil
	}
	i := p.idle[last]
	p.idle = p.idle[:last]
	i.lent = true
	return i, nil
}

// Put returns an instance to the pool; call it once for each Get. An instance with a failed call is closed, not lent
// again.
func (p *Pool) Put(i *Instance) {
	p.mu.Lock()
	if !i.lent {
		p.mu.Unlock()
		panic(${goString(`${packageName}: Put of an instance that is not lent`)})
	}
	i.lent = false
	keep := !i.failed && !i.mod.IsClosed() && !p.closed
	if keep {
		p.idle = append(p.idle, i)
	}
	p.mu.Unlock()
	if !keep {
		_ = i.${ownRuntimes ? 'runtime' : 'mod'}.Close(context.Background())
	}
	p.release()
}

// release ends a loan.
func (p *Pool) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	<-p.tokens
	p.lent--
	if p.closed && p.lent == 0 {
		close(p.drained)
	}
}
`;

const closing = (
  ownRuntimes: boolean,
): string => `// Close makes Get fail, waits until every instance is returned, and closes them. If ctx is done first, it returns
// ctx.Err() and closes no instance, because one is still in use: call Close again.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.done)
		if p.lent == 0 {
			close(p.drained)
		}
	}
	p.mu.Unlock()
	select {
	case <-p.drained:
	case <-ctx.Done():
		return ctx.Err()
	}
${
  ownRuntimes
    ? `	p.mu.Lock()
	defer p.mu.Unlock()
	var first error
	for _, i := range p.idle {
		if err := i.runtime.Close(ctx); err != nil && first == nil {
			first = err
		}
	}
	p.idle = nil
	if err := p.cache.Close(ctx); err != nil && first == nil {
		first = err
	}
	return first
`
    : '	return p.runtime.Close(ctx)\n'
}}
`;
