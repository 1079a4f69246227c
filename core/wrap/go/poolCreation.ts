/** Go, wazero: the type of a pool, its constructor, and how it makes an instance. */

import { goDoc } from './doc.ts';
import { type HolderParts, openRuntime } from './holder.ts';
import { goFields } from './parts.ts';

/** What stands for an instance that does not exist: its memory where it needs some of its own. */
const placeType = ({ start, names }: HolderParts): string => (start.threads ? names.local('thread') : 'struct{}');

/** The type `Pool`. */
export function poolType(parts: HolderParts): string {
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

/** `NewPool`, and how an instance is made. */
export function creation(parts: HolderParts): string {
  const { names, ownRuntime, start, functions, parameter, check } = parts;
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
  const shared = openRuntime(parts, 'p');
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
const startParameters = ({ start, names }: HolderParts): string =>
  `${start.call('').includes('first') ? ', first bool' : ''}${start.threads ? `, t ${names.local('thread')}` : ''}`;

const made = ({ start, names, ownRuntime }: HolderParts): string => {
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
  parts: HolderParts,
): string => `func (p *${parts.names.pool}) instantiate(ctx context.Context${startParameters(parts)}) (*${parts.names.instance}, error) {
	// Modules without a name can be instantiated any number of times.
	mod, err := p.runtime.InstantiateModule(ctx, p.compiled, p.options.module.WithName("").WithStartFunctions())
	if err != nil {
		return nil, err
	}
${parts.start.call('		_ = mod.Close(ctx)\n		return nil, err\n')}${made(parts)}}
`;

const instantiateWithRuntime = (
  parts: HolderParts,
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
