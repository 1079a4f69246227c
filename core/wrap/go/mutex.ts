/** Go, wazero: one instance for all goroutines, behind a lock that is held for whole protocols. */

import { header } from '../header.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { byteSentinels, bytesAdvice, bytesConvenience, methodsOfInstance } from './bytes.ts';
import { goDoc } from './doc.ts';
import { commonSentinels, goErrors } from './errors.ts';
import { goHolder, type HolderParts, openRuntime } from './holder.ts';
import { goImportsInterface } from './imports.ts';
import { goInstance } from './instance.ts';
import { convenienceMethod, methodImports } from './methods.ts';
import { GO_VERSIONS, goFields, goImports, goProtocolAdvice, WAZERO } from './parts.ts';
import { importAdvice } from './setup.ts';

const RESERVED = ['Discard', 'ReadMemory', 'WriteMemory', 'WithBytes', 'Do', 'Reset', 'Close'];

/**
 * Source of a Go package with the type `Guarded`: `Do` runs a function with exclusive use of the instance, and `Reset`
 * replaces an instance after a failed call.
 */
export function goMutex(input: WrapInput): string {
  const { surface, moduleFile } = input;
  // What it imports belongs to its runtime: where that is state, only another runtime has it new.
  const ownRuntime = surface.state.length > 0;
  const { names, options, bytes, methods, table, helpers, start, define, parts } = goHolder(input, {
    ownRuntime,
    reserved: RESERVED,
    kind: 'lock',
    sharesMemory: false,
  });
  const instance = goInstance(input, names, { ownRuntime, fields: [] });
  const sentinels = [
    { name: 'Closed', text: 'closed', doc: 'is returned by Do and Reset after Close.' },
    ...commonSentinels(names, 'Reset creates a new one', surface.memory),
    ...byteSentinels(bytes),
  ];
  const bytesNames = surface.exports.flatMap((one) => methods.get(one)?.bytes ?? []);
  const conveniences = surface.exports.flatMap((one) => {
    const { raw = '', bytes: method, constant = '' } = methods.get(one) ?? {};
    const call = bytes.calls.get(one);
    return [
      ...(call === undefined || method === undefined
        ? []
        : [bytesConvenience('g', names.guarded, { names, method, one, constant }, call)]),
      convenienceMethod('g', names.guarded, { names, method: raw, one, constant }),
    ];
  });
  const interface_ = goImportsInterface(surface, names, 'lock');
  return `${header(input, `One instance of ${moduleFile} for wazero, guarded by a lock: one goroutine at a time uses it.`, advice(input, methods, bytesNames)).join('\n')}

// Package ${names.package} guards one instance of a WebAssembly module with a lock.
package ${names.package}

${goImports([
  ...['context', 'errors', 'fmt', WAZERO],
  ...[instance, options, table, start, define, helpers].flatMap(({ imports }) => imports),
  ...methodImports(surface),
])}
${goErrors(names, sentinels)}
${interface_ === '' ? '' : `${interface_}\n`}${guardedType(parts)}
${creation(parts)}
${exclusion(parts)}
${conveniences.join('\n')}
${instance.text}
${surface.exports.flatMap((one) => methodsOfInstance(one, names, methods, bytes)).join('\n')}
${helpers.text === '' ? '' : `${helpers.text.slice(1)}\n`}${table.text}
${options.text}${start.text}${define.text}`;
}

function advice(
  input: WrapInput,
  methods: ReadonlyMap<WrapExport, { raw: string }>,
  withBytes: readonly string[],
): string[] {
  const { surface } = input;
  const lines = [GO_VERSIONS, ...goProtocolAdvice(input, methods), ...bytesAdvice(withBytes), ...importAdvice(surface)];
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

function guardedType({ names, ownRuntime, functions }: HolderParts): string {
  const own: [string, string][] = ownRuntime
    ? [
        ['wasm', '[]byte'],
        ...(functions ? [['imports', names.imports] as [string, string]] : []),
        ['cache', 'wazero.CompilationCache'],
      ]
    : [
        ['runtime', 'wazero.Runtime'],
        ['compiled', 'wazero.CompiledModule'],
      ];
  return `${goDoc(`${names.guarded} is an instance and its lock. It is safe for concurrent use.`)}
type ${names.guarded} struct {
${goFields([['options', `*${names.local('options')}`], ...own])}

	// The lock is free, held, or handed to one who waits. Unlike with a sync.Mutex, a caller can stop waiting for it.
	free    atomic.Bool
	waiting atomic.Int32
	handed  chan struct{}

	instance *${names.instance}
	gone     chan struct{} // closed when the instance is
	closed   bool
}
`;
}

function creation(parts: HolderParts): string {
  const { names, ownRuntime, start, functions, parameter, check } = parts;
  const { guarded, instance, package: prefix } = names;
  const shared = openRuntime(parts, 'g');
  const own = `	g.wasm = wasm
${functions ? '	g.imports = imports\n' : ''}	// Runtimes that share a cache compile the module once.
	if g.options.cache == nil {
		g.cache = wazero.NewCompilationCache()
		g.options.cache = g.cache
	}
`;
  const inRuntime = `func (g *${guarded}) instantiate(ctx context.Context) error {
	// Modules without a name can be instantiated any number of times.
	mod, err := g.runtime.InstantiateModule(ctx, g.compiled, g.options.module.WithName("").WithStartFunctions())
	if err != nil {
		return err
	}
${start.call('		_ = mod.Close(ctx)\n		return err\n')}	gone := make(chan struct{})
	g.instance = &${instance}{mod: mod, closeOnDone: g.options.closeOnDone, onClose: func() { close(gone) }}
	g.gone = gone
	return nil
}
`;
  const withRuntime = `func (g *${guarded}) instantiate(ctx context.Context) error {
	r := g.options.newRuntime(ctx)
	mod, err := g.instantiateIn(ctx, r)
	if err != nil {
		_ = r.Close(ctx)
		return err
	}
	gone := make(chan struct{})
	g.instance = &${instance}{mod: mod, runtime: r, closeOnDone: g.options.closeOnDone, onClose: func() { close(gone) }}
	g.gone = gone
	return nil
}

func (g *${guarded}) instantiateIn(ctx context.Context, r wazero.Runtime) (api.Module, error) {
	if err := ${names.local('defineImports')}(ctx, r${functions ? ', g.imports' : ''}); err != nil {
		return nil, err
	}
	compiled, err := r.CompileModule(ctx, g.wasm)
	if err != nil {
		return nil, err
	}
	if err := ${names.local('checkExports')}(compiled); err != nil {
		return nil, err
	}
	mod, err := r.InstantiateModule(ctx, compiled, g.options.module.WithName("").WithStartFunctions())
	if err != nil {
		return nil, err
	}
${start.call('		return nil, err\n')}	return mod, nil
}
`;
  return `${goDoc(
    `${names.newGuarded} compiles the module and creates the instance.${ownRuntime ? ' It keeps wasm, for Reset.' : ''}`,
  )}
func ${names.newGuarded}(ctx context.Context, wasm []byte, ${parameter}opts ...${names.option}) (*${guarded}, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("${prefix}: %w", err)
	}
${check}	o, err := ${names.local('newOptions')}(opts)
	if err != nil {
		return nil, fmt.Errorf("${prefix}: %w", err)
	}
	g := &${guarded}{options: o, handed: make(chan struct{}, 1)}
	g.free.Store(true)
	if err := g.open(ctx, wasm${functions ? ', imports' : ''}); err != nil {
		_ = g.closeRuntime(ctx)
		return nil, fmt.Errorf("${prefix}: %w", err)
	}
	return g, nil
}

func (g *${guarded}) open(ctx context.Context, wasm []byte${functions ? `, imports ${names.imports}` : ''}) error {
${ownRuntime ? own : shared}	return g.instantiate(ctx)
}

${ownRuntime ? withRuntime : inRuntime}
func (g *${guarded}) closeRuntime(ctx context.Context) error {
${
  ownRuntime
    ? `	if g.cache == nil {
		return nil
	}
	return g.cache.Close(ctx)
`
    : '	return g.runtime.Close(ctx)\n'
}}
`;
}

const exclusion = ({ names }: HolderParts): string => {
  const { guarded, instance, package: prefix } = names;
  return `${goDoc(
    'Do runs f with exclusive use of the instance, and returns the error of f. Make all calls that belong together in one f, or another goroutine can run in between. f must not keep the instance.',
    'The lock is not reentrant: a Do inside of f, or of a host function that the module calls, waits until its context is done.',
  )}
func (g *${guarded}) Do(ctx context.Context, f func(*${instance}) error) error {
	if err := g.acquire(ctx); err != nil {
		return err
	}
	i, finished := g.instance, true
	defer func() {
		// f panicked: the state of the instance is unknown.
		if !finished {
			i.Discard()
		}
		g.release()
	}()
	switch {
	case g.closed:
		return ${names.error('Closed')}
	case i.broken.Load() || i.state.Load() == ${names.local('closed')}:
		return ${names.error('Broken')}
	}
	finished = false
	err := f(i)
	finished = true
	return err
}

${goDoc('Reset replaces the instance with a new one. The state of the old one is lost. If that fails, calls return an error until another Reset succeeds.')}
func (g *${guarded}) Reset(ctx context.Context) error {
	if err := g.acquire(ctx); err != nil {
		return err
	}
	defer g.release()
	if g.closed {
		return ${names.error('Closed')}
	}
	if err := g.retire(ctx); err != nil {
		return err
	}
	if err := g.instantiate(ctx); err != nil {
		return fmt.Errorf("${prefix}: %w", err)
	}
	return nil
}

${goDoc(
  'Close waits until no goroutine uses the instance, and closes it. If ctx is done first, Close returns an error that wraps ctx.Err(), and can be called again. It does not look at ctx if there is nothing to wait for.',
)}
func (g *${guarded}) Close(ctx context.Context) error {
	if !g.tryAcquire() {
		if err := g.acquire(ctx); err != nil {
			return err
		}
	}
	defer g.release()
	if g.closed {
		return nil
	}
	if err := g.retire(ctx); err != nil {
		return err
	}
	g.closed = true
	if err := g.closeRuntime(ctx); err != nil {
		return fmt.Errorf("${prefix}: %w", err)
	}
	return nil
}

${goDoc('retire closes the instance, after the call of anybody who uses it outside of Do.')}
func (g *${guarded}) retire(ctx context.Context) error {
	g.instance.retire()
	select {
	case <-g.gone:
		return nil
	default:
	}
	select {
	case <-g.gone:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("${prefix}: %w", ctx.Err())
	}
}

func (g *${guarded}) acquire(ctx context.Context) error {
	// select picks any case that is ready, even if ctx was done from the start.
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("${prefix}: %w", err)
	}
	if g.tryAcquire() {
		return nil
	}
	// Whoever sets free looks at waiting afterwards, so that one of the two sees the other.
	g.waiting.Add(1)
	defer g.waiting.Add(-1)
	if g.tryAcquire() {
		return nil
	}
	select {
	case <-g.handed:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("${prefix}: %w", ctx.Err())
	}
}

func (g *${guarded}) tryAcquire() bool {
	if g.free.CompareAndSwap(true, false) {
		return true
	}
	// One who waited no longer can have left it there.
	select {
	case <-g.handed:
		return true
	default:
		return false
	}
}

func (g *${guarded}) release() {
	if g.waiting.Load() > 0 {
		g.handed <- struct{}{}
		return
	}
	g.free.Store(true)
	// Somebody began to wait meanwhile.
	if g.waiting.Load() > 0 && g.free.CompareAndSwap(true, false) {
		g.handed <- struct{}{}
	}
}
`;
};
