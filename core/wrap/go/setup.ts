/** The Go function that makes a runtime and defines everything that the module imports. */
import { commentLines, goString, nameInComment } from '../quoting.ts';
import type { FunctionImport, StateImport, Surface } from '../surface.ts';
import { endsInstance, initialiser, lifeImports, startFunctions, WASI_THAT_STAYS } from './life.ts';
import { GO_TYPES, WAZERO } from './parts.ts';
import { stateModule } from './stateModule.ts';

/** What differs between the templates in how they make a runtime. */
export interface SetupOptions {
  /** Part of the names, so that files of one package do not clash: `newRuntime`, `newHammerRuntime`. */
  infix: string;
  /** Lines of the chain that makes the configuration, without the leading `wazero.NewRuntimeConfig()`. */
  config: readonly string[];
  /** Go expression with the runtime's configuration to begin with. */
  base: string;
  /** A parameter `cache wazero.CompilationCache`. */
  cache: boolean;
}

/** Imports that wazero cannot provide. */
export function importAdvice({ functions, state }: Surface): string[] {
  if (![...functions, ...state].some(({ module }) => module === '')) return [];
  return [
    'The module imports from a module with an empty name, which wazero does not support: link the module again with a module name for its imports.',
  ];
}

/** Go declarations, and the paths of the packages that they need. */
export interface Setup {
  text: string;
  imports: string[];
}

/**
 * The function `newRuntime`, with `infix` in its name, and where the module imports anything the function
 * `defineImports` that it calls.
 */
export function runtimeSetup(surface: Surface, { infix, config, base, cache }: SetupOptions): Setup {
  const imports = ['context', WAZERO];
  const chain = [...config];
  if (cache) chain.push('// Runtimes that share a cache compile the module once.', 'WithCompilationCache(cache)');
  if (surface.threads) {
    imports.push(`${WAZERO}/experimental`, `${WAZERO}/api`);
    chain.push(
      '// Shared memory and atomic instructions are an experimental feature.',
      'WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesThreads)',
    );
  }
  const calls = chain.filter((line) => !line.startsWith('//')).length;
  let seen = 0;
  const links = chain.map((line) => {
    if (line.startsWith('//')) return `\t\t${line}`;
    return `\t\t${line}${++seen < calls ? '.' : ''}`;
  });
  const made = chain.length === 0 ? base : `${base}.\n${links.join('\n')}`;
  const defines = surface.wasi || surface.functions.length > 0 || surface.state.length > 0;
  const define = importDefinitions(surface, infix);
  const check = defines
    ? `	if err := define${infix}Imports(ctx, r); err != nil {
		_ = r.Close(ctx)
		return nil, err
	}
`
    : '';
  const parameters = cache ? 'ctx context.Context, cache wazero.CompilationCache' : 'ctx context.Context';
  const text = `
// new${infix}Runtime creates a runtime${defines ? ' with everything that the module imports' : ''}.
func new${infix}Runtime(${parameters}) (wazero.Runtime, error) {
	config := ${made}
${check === '' ? '\treturn wazero.NewRuntimeWithConfig(ctx, config), nil' : `\tr := wazero.NewRuntimeWithConfig(ctx, config)\n${check}\treturn r, nil`}
}
${defines ? define.text : ''}${initialiser(surface, infix)}`;
  return { text, imports: [...imports, ...(defines ? define.imports : []), ...lifeImports(surface)] };
}

/** What an instance is made with; the `_start` of a program is a call like any other. */
export function moduleConfig(surface: Surface): string {
  return `wazero.NewModuleConfig().WithName("").WithStartFunctions(${startFunctions(surface).map(goString).join(', ')})`;
}

/**
 * What a program needs of WASI in production: tests do without it, because their outcomes must be the same each time.
 */
export const realWorld = ({ wasi }: Surface): { chain: string; imports: string[] } =>
  wasi
    ? {
        chain: `.
		// By default the clock is fake, and random bytes are the same in every instance.
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().WithRandSource(rand.Reader)`,
        imports: ['crypto/rand'],
      }
    : { chain: '', imports: [] };

const WASI = `	if _, err := wasi_snapshot_preview1.Instantiate(ctx, r); err != nil {
		return err
	}
`;

function importDefinitions(surface: Surface, infix: string): Setup {
  const imports: string[] = [];
  const parts: string[] = [];
  if (surface.wasi) {
    imports.push(`${WAZERO}/imports/wasi_snapshot_preview1`);
    if (endsInstance(surface)) imports.push(`${WAZERO}/api`, `${WAZERO}/sys`);
    parts.push(endsInstance(surface) ? WASI_THAT_STAYS : WASI);
  }
  const modules = [...new Set([...surface.functions, ...surface.state].map(({ module }) => module))];
  const stateTexts: string[] = [];
  modules.forEach((name, i) => {
    const functions = surface.functions.filter(({ module }) => module === name);
    const state = surface.state.filter(({ module }) => module === name);
    const builder = modules.length === 1 ? 'host' : `host${i}`;
    // wazero makes memories, tables and globals from WebAssembly only; functions of the same name pass through.
    const hostName = state.length > 0 ? `${name}.functions` : name;
    if (functions.length > 0) {
      parts.push(hostModule(builder, hostName, name, functions));
      imports.push(`${WAZERO}/api`);
    }
    if (state.length > 0) {
      const variable = modules.length === 1 ? `state${infix}Module` : `state${infix}Module${i}`;
      parts.push(`	// Memories, tables and globals of ${nameInComment(name)}.
	if err := instantiate${infix}State(ctx, r, ${variable}, ${goString(name)}); err != nil {
		return err
	}
`);
      stateTexts.push(stateText(variable, name, stateModule(hostName, functions, state), state));
    }
  });
  const text = `
// define${infix}Imports defines everything that the module imports. All instances of the runtime share it:
// many goroutines call the host functions concurrently.${surface.functions.length > 0 ? CALLS_BACK : ''}
func define${infix}Imports(ctx context.Context, r wazero.Runtime) error {
${parts.join('')}	return nil
}
${stateTexts.length === 0 ? '' : instantiateState(infix)}${stateTexts.join('')}`;
  return { text, imports };
}

const CALLS_BACK = ` A host function that calls back into its
// instance must get its own function object from mod: those of Instance are in use.`;

const instantiateState = (infix: string): string => `
// instantiate${infix}State compiles and instantiates in two steps: closing a module that InstantiateWithConfig made
// removes its code from the compilation cache, which other runtimes still use.
func instantiate${infix}State(ctx context.Context, r wazero.Runtime, wasm []byte, name string) error {
	compiled, err := r.CompileModule(ctx, wasm)
	if err != nil {
		return err
	}
	_, err = r.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithName(name))
	return err
}
`;

function hostModule(builder: string, hostName: string, name: string, functions: readonly FunctionImport[]): string {
  const stubs = functions.map((one) => {
    const params = one.params.map((type, i) => `, p${i} ${GO_TYPES[type]}`).join('');
    const types = one.results.map((type) => GO_TYPES[type]);
    const results = types.length === 0 ? '' : types.length === 1 ? ` ${types[0]}` : ` (${types.join(', ')})`;
    return `	${builder}.NewFunctionBuilder().WithFunc(func(ctx context.Context, mod api.Module${params})${results} {
		panic(${goString(`${name}.${one.name} is not implemented`)})
	}).Export(${goString(one.name)})
`;
  });
  return `	// TODO: implement the functions that the module imports from ${nameInComment(name)}; calls to the others fail.
	${builder} := r.NewHostModuleBuilder(${goString(hostName)})
${stubs.join('')}	if _, err := ${builder}.Instantiate(ctx); err != nil {
		return err
	}
`;
}

function stateList(state: readonly StateImport[]): string {
  const names = state.slice(0, 4).map(({ kind, name }) => `${kind} ${nameInComment(name)}`);
  return `${names.join(', ')}${state.length > 4 ? ` and ${state.length - 4} more` : ''}`;
}

function stateText(variable: string, name: string, bytes: Uint8Array, state: readonly StateImport[]): string {
  const rows: string[] = [];
  for (let i = 0; i < bytes.length; i += 12) {
    const row = [...bytes.subarray(i, i + 12)].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`);
    rows.push(`\t${row.join(', ')},`);
  }
  const sentence = `${variable} is a WebAssembly module that defines and exports the state that is imported from ${nameInComment(name)}: ${stateList(state)}. In wazero only a WebAssembly module can define these. Globals are zero and tables are empty: if a linker or a main module provides values, use that module in place of this one.`;
  const comment = commentLines([sentence]).join('\n');
  return `
${comment}
var ${variable} = []byte{
${rows.join('\n')}
}
`;
}
