/** The Go function with which tests make a runtime, and everything that the module imports as stubs. */
import { goString, nameInComment } from '../../harmless/code.ts';
import type { FunctionImport, Surface } from '../surface.ts';
import type { GoCode } from './doc.ts';
import { hasImports, importDefinitions } from './hostModules.ts';
import { initialiser, lifeImports, startFunctions } from './life.ts';
import { GO_TYPES, WAZERO } from './parts.ts';

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

/**
 * The function `newRuntime`, with `infix` in its name, and where the module imports anything the function
 * `defineImports` that it calls.
 */
export function runtimeSetup(surface: Surface, { infix, config, base, cache }: SetupOptions): GoCode {
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
  const defines = hasImports(surface);
  const define = importDefinitions(surface, {
    define: `define${infix}Imports`,
    instantiateState: `instantiate${infix}State`,
    stateModule: `state${infix}Module`,
    parameters: '',
    functions: stubs,
  });
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

function stubs(builder: string, hostName: string, name: string, functions: readonly FunctionImport[]): string {
  const rows = functions.map((one) => {
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
${rows.join('')}	if _, err := ${builder}.Instantiate(ctx); err != nil {
		return err
	}
`;
}
