/** Go: functional options of the constructors, and the runtime configuration that they lead to. */
import { canBlock } from '../../analysis/waiting.ts';
import type { WrapInput } from '../wrapInput.ts';
import { article, type GoCode, goDoc } from './doc.ts';
import type { GoNames } from './names.ts';
import { goFields, WAZERO } from './parts.ts';

/** Pages of 64 KiB that a shared memory may have unless an option says otherwise: 256 MiB. */
const SHARED_LIMIT = 4096;

/** The largest maximum of a shared memory, in pages, which wazero allocates at once; 0 where none is shared. */
const sharedMaximum = ({ module }: WrapInput): number =>
  Math.max(0, ...module.memories.map(({ limits }) => (limits.shared ? Number(limits.max ?? 0) : 0)));

/** Pages to begin with never exceed the limit. */
const sharedLimit = ({ module }: WrapInput): number =>
  Math.max(SHARED_LIMIT, ...module.memories.map(({ limits }) => Number(limits.min)));

/** The type `Option`, its functions, and the function that makes the configuration of a runtime. */
export function goOptions(input: WrapInput, names: GoNames, maker: string): GoCode {
  const { surface, analysis } = input;
  const { option } = names;
  const options = names.local('options');
  const maximum = sharedMaximum(input);
  const limited = maximum > sharedLimit(input);
  const limit = names.local('sharedMemoryLimit');
  const waits = surface.exports.some(({ position }) => canBlock(analysis, position));
  const imports = ['context', 'fmt', WAZERO];
  if (surface.threads) imports.push(`${WAZERO}/api`, `${WAZERO}/experimental`);
  if (surface.wasi) imports.push('crypto/rand');
  const setter = (name: string, doc: string, parameter: string, body: string): string => `
${goDoc(`${names.with(name)} ${doc}`)}
func ${names.with(name)}(${parameter}) ${option} {
	return func(o *${options}) { ${body} }
}
`;
  const setters = [
    setter(
      'RuntimeConfig',
      `sets the configuration that the other options are applied to, such as wazero.NewRuntimeConfigInterpreter(). The default is wazero.NewRuntimeConfig().${
        surface.threads ? ' The features that the module needs, threads among them, are set on top of it.' : ''
      }`,
      'config wazero.RuntimeConfig',
      'o.runtime = config',
    ),
    setter(
      'ModuleConfig',
      `sets the configuration of every instance: arguments, environment, file system, standard output. The default is ${
        surface.wasi ? `${names.make('ModuleConfig')}(); start from that` : 'wazero.NewModuleConfig()'
      }. What it contains, such as an io.Writer, is used by every instance and must be safe for concurrent use. The name and the start functions in it are replaced.`,
      'config wazero.ModuleConfig',
      'o.module = config',
    ),
    setter(
      'MemoryLimitPages',
      `limits each memory to a number of pages of 64 KiB, even if the module allows more. ${
        limited
          ? `wazero allocates the maximum of a shared memory at once, and this module allows ${maximum} pages: the default is ${limit}.`
          : 'By default, a memory can grow as far as the module allows.'
      }`,
      'pages uint32',
      'o.pages, o.limited = pages, true',
    ),
    setter(
      'CompilationCache',
      'reuses compiled code of other runtimes or of a directory. The cache stays open: close it after the instances.',
      'cache wazero.CompilationCache',
      'o.cache = cache',
    ),
    setter(
      'CloseOnContextDone',
      `says whether a running call ends when its context is done, which breaks its instance. The default is true. With false, the context is checked only before a call: a call costs some hundred nanoseconds less, because wazero starts no goroutine to watch the context, but nothing stops a call that does not return. Even with true, a call ends only where it enters or repeats a loop: a long recursion without loops runs on.${
        waits
          ? ' In either case, the context does not end a memory.atomic.wait without a timeout: only memory.atomic.notify does.'
          : ''
      }`,
      'enabled bool',
      'o.closeOnDone = enabled',
    ),
  ];
  const threads = `	// Shared memory and atomic instructions are an experimental feature of wazero.
	config = config.WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesThreads)
`;
  const text = `${goDoc(`${article(option)} ${option} changes how ${maker} sets up wazero.`)}
type ${option} func(*${options})

type ${options} struct {
${goFields([
  ['runtime', 'wazero.RuntimeConfig'],
  ['module', 'wazero.ModuleConfig'],
  ['cache', 'wazero.CompilationCache'],
  ['pages', 'uint32'],
  ['limited', 'bool'],
  ['closeOnDone', 'bool'],
])}
}
${setters.join('')}${
  limited
    ? `
// ${limit} is the default of ${names.with('MemoryLimitPages')}, in pages of 64 KiB.
const ${limit} = ${sharedLimit(input)}
`
    : ''
}${surface.wasi ? moduleConfigText(names) : ''}
func ${names.local('newOptions')}(opts []${option}) (*${options}, error) {
	o := &${options}{closeOnDone: true${limited ? `, pages: ${limit}, limited: true` : ''}}
	for _, opt := range opts {
		opt(o)
	}
	if o.pages > 65536 {
		return nil, fmt.Errorf("a memory can have 65536 pages, not %d", o.pages)
	}
	if o.module == nil {
		o.module = ${surface.wasi ? `${names.make('ModuleConfig')}()` : 'wazero.NewModuleConfig()'}
	}
	return o, nil
}

func (o *${options}) newRuntime(ctx context.Context) wazero.Runtime {
	config := o.runtime
	if config == nil {
		config = wazero.NewRuntimeConfig()
	}
	config = config.WithCloseOnContextDone(o.closeOnDone)
${surface.threads ? threads : ''}	if o.limited {
		config = config.WithMemoryLimitPages(o.pages)
	}
	if o.cache != nil {
		config = config.WithCompilationCache(o.cache)
	}
	return wazero.NewRuntimeWithConfig(ctx, config)
}
`;
  return { text, imports };
}

/** What a program needs of WASI in production. */
const moduleConfigText = (names: GoNames): string => `
${goDoc(`${names.make('ModuleConfig')} returns the default configuration of an instance: unlike wazero.NewModuleConfig(), with the real clock, and with random bytes that differ from instance to instance.`)}
func ${names.make('ModuleConfig')}() wazero.ModuleConfig {
	return wazero.NewModuleConfig().
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().WithRandSource(rand.Reader)
}
`;
