/** Go, wazero: a bounded pool that lends out instances. */

import { stackAdvice } from '../../analysis/modelAdvice.ts';
import { standsAlone } from '../blocks/standsAlone.ts';
import { header } from '../header.ts';
import type { WrapExport } from '../surface.ts';
import { poolStateAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { byteSentinels, bytesAdvice, bytesConvenience, bytesHelpers, goBytes, methodsOfInstance } from './bytes.ts';
import { goDoc } from './doc.ts';
import { commonSentinels, goErrors } from './errors.ts';
import { goExportTable } from './exportTable.ts';
import { hasImports, importDefinitions } from './hostModules.ts';
import { goImportsInterface, hostModule, importsCheck, importsParameter } from './imports.ts';
import { goInstance } from './instance.ts';
import { methodImports, methodNames } from './methods.ts';
import { type GoNames, goNames } from './names.ts';
import { goOptions } from './options.ts';
import { GO_VERSIONS, goFields, goImports, goProtocolAdvice, WAZERO } from './parts.ts';
import { importAdvice } from './setup.ts';
import { type GoStart, goStart } from './start.ts';
import { threadAdvice, threadNeeds } from './threads.ts';

const RESERVED = ['Discard', 'ReadMemory', 'WriteMemory', 'WithBytes'];
/** Methods of the pool, which no export may have. */
const OF_POOL = ['Do', 'Get', 'Put', 'Close'];

/**
 * Source of a Go package with the type `Pool`, which lends out instances. Each has a runtime of its own where the
 * module imports state that instances of one runtime would share.
 */
export function goPool(input: WrapInput): string {
  const { surface, moduleFile } = input;
  const names = goNames(input);
  // Instances of one runtime import one and the same state, so each gets a runtime where that would be shared by
  // accident.
  const ownRuntime = surface.privateState;
  const options = goOptions(input, names, names.make('Pool'));
  const bytes = goBytes(input);
  const methods = methodNames(surface, names, RESERVED, bytes.calls);
  const table = goExportTable(surface.exports, methods, names);
  const helpers = bytesHelpers(bytes, methods, names);
  const start = goStart(input, names, surface.commonMemory && !ownRuntime);
  const instance = goInstance(input, names, {
    ownRuntime,
    fields: [
      ['pool', `*${names.pool}`],
      ['lent', 'bool'],
      ...(start.threads ? [['thread', names.local('thread')] as const] : []),
    ],
  });
  const define = hasImports(surface)
    ? importDefinitions(surface, {
        define: names.local('defineImports'),
        instantiateState: names.local('instantiateState'),
        stateModule: names.local('stateModule'),
        parameters: surface.functions.length > 0 ? `, imports ${names.imports}` : '',
        functions: (builder, hostName, _, functions) => hostModule(builder, hostName, functions, surface),
      })
    : { text: '', imports: [] };
  const sentinels = [
    { name: 'Closed', text: 'the pool is closed', doc: 'is returned by Get and Do after Close.' },
    ...commonSentinels(names, 'put it back to get another one', surface.memory),
    ...byteSentinels(bytes),
  ];
  const parts = {
    names,
    ownRuntime,
    start,
    defines: hasImports(surface),
    functions: surface.functions.length > 0,
    parameter: importsParameter(surface, names),
    check: importsCheck(surface, names),
  };
  const bytesNames: string[] = [];
  const conveniences = surface.exports.flatMap((one) => {
    const call = bytes.calls.get(one);
    const { bytes: method, constant = '' } = methods.get(one) ?? {};
    if (call === undefined || method === undefined || OF_POOL.includes(method) || !standsAlone(input, one, call))
      return [];
    bytesNames.push(method);
    return [bytesConvenience('p', names.pool, { names, method, one, constant }, call)];
  });
  return `${header(withoutStackAdvice(input), `A pool of instances of ${moduleFile} for wazero: the module is compiled once, and each goroutine that needs an instance gets one.`, advice(input, methods, bytesNames)).join('\n')}

// Package ${names.package} lends out instances of a WebAssembly module, each to one goroutine at a time.
package ${names.package}

${goImports([
  ...['context', 'errors', 'fmt', 'sync', WAZERO],
  ...[instance, options, table, start, define, helpers].flatMap(({ imports }) => imports),
  ...methodImports(surface),
])}
${goErrors(names, sentinels)}
${section(goImportsInterface(surface, names, 'pool'))}${poolType(parts)}
${creation(parts)}
${lending(parts)}
${closing(parts)}
${conveniences.map((text) => `${text}\n`).join('')}${instance.text}
${surface.exports.flatMap((one) => methodsOfInstance(one, names, methods, bytes)).join('\n')}
${helpers.text === '' ? '' : `${helpers.text.slice(1)}\n`}${table.text}
${options.text}${start.text}${define.text}`;
}

const section = (text: string): string => (text === '' ? '' : `${text}\n`);

interface PoolParts {
  names: GoNames;
  ownRuntime: boolean;
  start: GoStart;
  /** The module imports anything; it imports functions that the caller gives. */
  defines: boolean;
  functions: boolean;
  parameter: string;
  check: string;
}

function advice(
  input: WrapInput,
  methods: ReadonlyMap<WrapExport, { raw: string }>,
  withBytes: readonly string[],
): string[] {
  const { surface } = input;
  const lines = [
    GO_VERSIONS,
    ...poolStateAdvice(input),
    ...goProtocolAdvice(input, methods),
    ...bytesAdvice(withBytes),
    ...importAdvice(surface),
  ];
  if (surface.commonMemory && !surface.privateState)
    lines.push(
      'The module imports a shared memory, and all instances of the pool work on that one memory: only globals and tables are private. Accesses to it without atomic instructions still race. The memory outlives an instance: what a call that did not finish has left there, such as a lock that it held, stays.',
      ...threadAdvice(input),
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

/** Where the code gives each instance a stack, nobody has to be told to do it. */
function withoutStackAdvice(input: WrapInput): WrapInput {
  const { module, analysis, warnings } = input;
  const stacks = stackAdvice(module, analysis);
  return threadNeeds(input)?.stack === undefined || stacks === undefined
    ? input
    : { ...input, warnings: warnings.filter((one) => one !== stacks) };
}

/** What stands for an instance that does not exist: its memory where it needs some of its own. */
const placeType = ({ start, names }: PoolParts): string => (start.threads ? names.local('thread') : 'struct{}');

function poolType(parts: PoolParts): string {
  const { names, ownRuntime, functions } = parts;
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
  return `${goDoc(
    `${names.pool} lends out instances; ${names.make('Pool')} says how many at a time. It is safe for concurrent use. State stays in an instance from one caller to the next: make all calls that belong together in one Do.`,
  )}
type ${names.pool} struct {
${goFields([['options', `*${names.local('options')}`], ...own])}

	// Every instance that could exist is in idle, in free if it does not exist, or lent.
	idle chan *${names.instance}
	free chan ${placeType(parts)}

	// While nobody waits, one idle instance is in spare, which costs less than the channel.
	spare   atomic.Pointer[${names.instance}]
	waiting atomic.Int32

	// done is closed when Close begins. One Close at a time counts what has come back.
	done     chan struct{}
	stop     sync.Once
	closing  chan struct{}
	returned int
	closed   bool
}
`;
}

function creation(parts: PoolParts): string {
  const { names, ownRuntime, start, defines, functions, parameter, check } = parts;
  const prefix = names.package;
  const place = placeType(parts);
  const first = start.text !== '' && start.call('').includes('first');
  const given = `${first ? ', true' : ''}${start.threads ? ', t' : ''}`;
  const doc = goDoc(
    `${names.make('Pool')} compiles the module and creates the first instance, so that a module that cannot work is an error here. Further instances are created when they are needed, at most size of them at a time.${
      ownRuntime ? ' The pool keeps wasm.' : ''
    }`,
  );
  const places = start.threads
    ? `	// The first instance is the only one now: nobody else uses the memory that all of them share.
	for n := 1; n < size; n++ {
		t, err := ${names.local('newThread')}(ctx, i.mod)
		if err != nil {
			return err
		}
		p.free <- t
	}
	// For the instance that takes the place of the first one.
	if i.thread, err = ${names.local('newThread')}(ctx, i.mod); err != nil {
		return err
	}
`
    : `	for n := 1; n < size; n++ {
		p.free <- struct{}{}
	}
`;
  const shared = `	p.runtime = p.options.newRuntime(ctx)
	var err error
${
  defines
    ? `	if err = ${names.local('defineImports')}(ctx, p.runtime${functions ? ', imports' : ''}); err != nil {
		return err
	}
`
    : ''
}	if p.compiled, err = p.runtime.CompileModule(ctx, wasm); err != nil {
		return err
	}
	if err = ${names.local('checkExports')}(p.compiled); err != nil {
		return err
	}
`;
  return `${doc}
func ${names.make('Pool')}(ctx context.Context, wasm []byte, size int, ${parameter}opts ...${names.option}) (*${names.pool}, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("${prefix}: %w", err)
	}
	if size < 1 {
		return nil, fmt.Errorf("${prefix}: the size of a pool is at least 1, not %d", size)
	}
${check}	o, err := ${names.local('newOptions')}(opts)
	if err != nil {
		return nil, fmt.Errorf("${prefix}: %w", err)
	}
	p := &${names.pool}{
		options: o,
		idle:    make(chan *${names.instance}, size),
		free:    make(chan ${place}, size),
		done:    make(chan struct{}),
		closing: make(chan struct{}, 1),
	}
	if err := p.open(ctx, wasm, size${functions ? ', imports' : ''}); err != nil {
		_ = p.closeRuntime(ctx)
		return nil, fmt.Errorf("${prefix}: %w", err)
	}
	return p, nil
}

func (p *${names.pool}) open(ctx context.Context, wasm []byte, size int${functions ? `, imports ${names.imports}` : ''}) error {
${
  ownRuntime
    ? `	p.wasm = wasm
${functions ? '	p.imports = imports\n' : ''}	// Runtimes that share a cache compile the module once.
	if p.options.cache == nil {
		p.cache = wazero.NewCompilationCache()
		p.options.cache = p.cache
	}
`
    : shared
}${start.threads ? `	var t ${place}\n` : ''}	i, err := p.instantiate(ctx${given})
	if err != nil {
		return err
	}
	p.idle <- i
${places}	return nil
}

${ownRuntime ? instantiateWithRuntime(parts) : instantiateInRuntime(parts)}`;
}

/** Parameters of `instantiate` beside the context. */
const startParameters = ({ start, names }: PoolParts): string =>
  `${start.call('').includes('first') ? ', first bool' : ''}${start.threads ? `, t ${names.local('thread')}` : ''}`;

const made = ({ start, names, ownRuntime }: PoolParts): string => {
  const fields = `mod: mod, ${ownRuntime ? 'runtime: r, ' : ''}closeOnDone: p.options.closeOnDone, pool: p`;
  if (!start.threads)
    return `	i := &${names.instance}{${fields}}
	i.onClose = func() { p.free <- struct{}{} }
	return i, nil
`;
  return `	i := &${names.instance}{${fields}, thread: t}
	i.onClose = func() { p.free <- i.thread }
	return i, nil
`;
};

const instantiateInRuntime = (
  parts: PoolParts,
): string => `func (p *${parts.names.pool}) instantiate(ctx context.Context${startParameters(parts)}) (*${parts.names.instance}, error) {
	// Modules without a name can be instantiated any number of times.
	mod, err := p.runtime.InstantiateModule(ctx, p.compiled, p.options.module.WithName("").WithStartFunctions())
	if err != nil {
		return nil, err
	}
${parts.start.call('		_ = mod.Close(ctx)\n		return nil, err\n')}${made(parts)}}
`;

const instantiateWithRuntime = (
  parts: PoolParts,
): string => `func (p *${parts.names.pool}) instantiate(ctx context.Context) (*${parts.names.instance}, error) {
	r := p.options.newRuntime(ctx)
	mod, err := p.instantiateIn(ctx, r)
	if err != nil {
		_ = r.Close(ctx)
		return nil, err
	}
${made(parts)}}

func (p *${parts.names.pool}) instantiateIn(ctx context.Context, r wazero.Runtime) (api.Module, error) {
	if err := ${parts.names.local('defineImports')}(ctx, r${parts.functions ? ', p.imports' : ''}); err != nil {
		return nil, err
	}
	compiled, err := r.CompileModule(ctx, p.wasm)
	if err != nil {
		return nil, err
	}
	if err := ${parts.names.local('checkExports')}(compiled); err != nil {
		return nil, err
	}
	mod, err := r.InstantiateModule(ctx, compiled, p.options.module.WithName("").WithStartFunctions())
	if err != nil {
		return nil, err
	}
${parts.start.call('		return nil, err\n')}	return mod, nil
}
`;

function lending(parts: PoolParts): string {
  const { names, start } = parts;
  const { pool, instance } = names;
  const prefix = names.package;
  const first = start.call('').includes('first') ? ', false' : '';
  const [received, given, back] = start.threads
    ? ['t := <-p.free', `${first}, t`, 't']
    : ['<-p.free', first, 'struct{}{}'];
  return `${goDoc(
    'Do runs f with exclusive use of an instance, and returns the error of f. Make all calls that belong together in one f. f must not keep the instance.',
    'A Do inside of f, or of a host function, needs a second instance: if all are lent, and in a pool of size 1 always, it waits until its context is done.',
  )}
func (p *${pool}) Do(ctx context.Context, f func(*${instance}) error) error {
	i, err := p.Get(ctx)
	if err != nil {
		return err
	}
	finished := false
	defer func() {
		// f panicked: the state of the instance is unknown.
		if !finished {
			i.Discard()
		}
		p.Put(i)
	}()
	err = f(i)
	finished = true
	return err
}

${goDoc('Get waits for an instance until ctx is done. Return it with Put. Do calls both.')}
func (p *${pool}) Get(ctx context.Context) (*${instance}, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("${prefix}: %w", err)
	}
	select {
	case <-p.done:
		return nil, ${names.error('Closed')}
	default:
	}
	for {
		i := p.spare.Swap(nil)
		if i == nil {
			var err error
			if i, err = p.next(ctx); err != nil {
				return nil, err
			}
		}
		// Somebody may use an instance that is not lent.
		if i.usable() {
			i.lent = true
			return i, nil
		}
		i.retire()
	}
}

${goDoc('next prefers an instance that exists.')}
func (p *${pool}) next(ctx context.Context) (*${instance}, error) {
	// Whoever puts an instance into spare looks at waiting afterwards, so that one of the two sees the other.
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
	if i := p.spare.Swap(nil); i != nil {
		return i, nil
	}
	select {
	case i := <-p.idle:
		return i, nil
	default:
	}
	select {
	case i := <-p.idle:
		return i, nil
	case ${received}:
		i, err := p.instantiate(ctx${given})
		if err != nil {
			p.free <- ${back}
			return nil, fmt.Errorf("${prefix}: %w", err)
		}
		return i, nil
	case <-p.done:
		return nil, ${names.error('Closed')}
	case <-ctx.Done():
		return nil, fmt.Errorf("${prefix}: %w", ctx.Err())
	}
}

${goDoc(
  `Put returns an instance to the pool; call it once for each Get. An instance on which a call did not finish is closed instead. Put panics if the pool has not lent the instance.`,
)}
func (p *${pool}) Put(i *${instance}) {
	if i.pool != p || !i.lent {
		panic("${prefix}: Put of an instance that the pool has not lent")
	}
	i.lent = false
	switch {
	case !i.usable():
		i.retire()
	case p.waiting.Load() > 0 || !p.spare.CompareAndSwap(nil, i):
		p.idle <- i
	case p.waiting.Load() > 0:
		// Somebody began to wait meanwhile.
		if i := p.spare.Swap(nil); i != nil {
			p.idle <- i
		}
	}
}

${goDoc('usable says whether the instance can be given to a caller.')}
func (i *${instance}) usable() bool {
	return !i.broken.Load() && i.state.Load() == ${names.local('idle')}
}
`;
}

function closing({ names, ownRuntime }: PoolParts): string {
  const { pool, package: prefix } = names;
  return `${goDoc(
    'Close makes Get and Do fail, waits until every instance has been returned, and closes them. An instance is never closed while it is lent: if ctx is done first, Close returns an error that wraps ctx.Err(), and can be called again. It does not look at ctx if there is nothing to wait for.',
  )}
func (p *${pool}) Close(ctx context.Context) error {
	p.stop.Do(func() {
		close(p.done)
		// From now on, instances come back through the channel.
		p.waiting.Add(1)
		if i := p.spare.Swap(nil); i != nil {
			p.idle <- i
		}
	})
	select {
	case p.closing <- struct{}{}:
	default:
		select {
		case p.closing <- struct{}{}:
		case <-ctx.Done():
			return fmt.Errorf("${prefix}: %w", ctx.Err())
		}
	}
	defer func() { <-p.closing }()
	for p.returned < cap(p.free) {
		select {
		case i := <-p.idle:
			i.retire()
			continue
		case <-p.free:
			p.returned++
			continue
		default:
		}
		select {
		case i := <-p.idle:
			i.retire()
		case <-p.free:
			p.returned++
		case <-ctx.Done():
			return fmt.Errorf("${prefix}: %w", ctx.Err())
		}
	}
	if p.closed {
		return nil
	}
	p.closed = true
	if err := p.closeRuntime(ctx); err != nil {
		return fmt.Errorf("${prefix}: %w", err)
	}
	return nil
}

func (p *${pool}) closeRuntime(ctx context.Context) error {
${
  ownRuntime
    ? `	if p.cache == nil {
		return nil
	}
	return p.cache.Close(ctx)
`
    : '	return p.runtime.Close(ctx)\n'
}}
`;
}
