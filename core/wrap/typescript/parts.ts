/** Pieces that the TypeScript templates are made of: a method an export, imports, types. */
import { CLASS_TEXT } from '../../analysis/classText.ts';
import { nameInComment, tsString } from '../../harmless/code.ts';
import { FUNCREF } from '../../wasm/types.ts';
import { Identifiers } from '../identifiers.ts';
import { parameterNames } from '../parameters.ts';
import type { NumType } from '../signature.ts';
import { functionTypeText } from '../signature.ts';
import type { StateImport, Surface, WrapExport } from '../surface.ts';

/** Widest line. */
const WIDTH = 100;

const TS_TYPES: Readonly<Record<NumType, string>> = {
  i32: 'number',
  i64: 'bigint',
  f32: 'number',
  f64: 'number',
};

/** Results of the longest tuple type; with more, the type is `Value[]`. */
const MAX_TUPLE = 4;

/** `number`, `[number, bigint]`, `void`. */
function resultType(results: readonly NumType[]): string {
  if (results.length > MAX_TUPLE) return 'Value[]';
  const types = results.map((type) => TS_TYPES[type]);
  return types.length === 0 ? 'void' : types.length === 1 ? types[0] : `[${types.join(', ')}]`;
}

/** Keywords, and what the templates call their own functions. */
const KEYWORDS =
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await async of implements interface package private protected public arguments eval undefined call args test tests assert describe it hammer outcomes work start acquire release readFileSync availableParallelism'.split(
    ' ',
  );

/** Names that a class has anyway, or that would make a promise of it. */
const RESERVED = ['constructor', 'then', 'toString', 'toJSON', 'valueOf', 'hasOwnProperty', 'ask'];

/** A method name for each export, all different. `reserved`: names that the class has already. */
export function tsNames({ exports }: Surface, reserved: readonly string[]): Map<WrapExport, string> {
  const scope = new Identifiers('camel', [...RESERVED, ...reserved]);
  return new Map(exports.map((one) => [one, scope.claim(one.name, `export ${one.position}`)]));
}

/** `head(a, b): result {`, or a parameter a line. */
export function head(indent: string, start: string, params: readonly string[], result: string): string {
  const line = `${indent}${start}(${params.join(', ')}): ${result} {`;
  if (line.length <= WIDTH) return line;
  return `${indent}${start}(\n${params.map((one) => `${indent}  ${one},\n`).join('')}${indent}): ${result} {`;
}

/** `before[a, b]after` or an item a line; `{ a, b }` with other brackets. */
export function list(indent: string, before: string, items: readonly string[], after: string): string {
  const open = before.endsWith('{') ? ' ' : '';
  const line = `${indent}${before}${open}${items.join(', ')}${open}${after}`;
  if (line.length <= WIDTH) return line;
  return `${indent}${before}\n${items.map((one) => `${indent}  ${one},\n`).join('')}${indent}${after}`;
}

/** A method that asks for the call. */
export function exportMethod(method: string, one: WrapExport): string {
  const names = parameterNames(one.names, 'camel', KEYWORDS);
  const params = one.params.map((type, i) => `${names[i]}: ${TS_TYPES[type]}`);
  const type = resultType(one.results);
  // A request of its own line keeps every line short, whatever the name.
  const short = `    const call = ${tsString(one.name)};`;
  const constant = short.length <= WIDTH ? short : `    const call =\n      ${tsString(one.name)};`;
  const request = `${constant}\n    const args = [${names.join(', ')}];\n`;
  const asked =
    one.results.length === 0
      ? '    await this.ask({ call, args });'
      : `    return (await this.ask({ call, args })) as ${type};`;
  return `  /** Calls the export ${nameInComment(one.name)}, ${functionTypeText(one)}: ${CLASS_TEXT[one.class]}. */
${head('  ', `async ${method}`, params, `Promise<${type}>`)}
${one.params.length === 0 ? request.replace('const args = [];', 'const args: Value[] = [];') : request}${asked}
  }
`;
}

/** Shared memories that the main thread makes. */
export const sharedMemories = ({ state }: Surface): (StateImport & { kind: 'memory' })[] =>
  state.filter((one) => one.kind === 'memory' && one.type.limits.shared) as (StateImport & { kind: 'memory' })[];

/** `{ initial: 1, maximum: 2, shared: true }`. */
export function memoryDescriptor({ type }: StateImport & { kind: 'memory' }): string {
  const { min, max, shared } = type.limits;
  return `{ initial: ${min}${max === undefined ? '' : `, maximum: ${max}`}${shared ? ', shared: true' : ''} }`;
}

/** Source that makes the import object of an instance. */
export interface Imports {
  /** Types that users of the file need, to be exported; empty where the host gives nothing. */
  types: string;
  /** Declaration of `imports`, and of functions that it gives. */
  text: string;
  /** Expression that calls it; empty when the module imports nothing. */
  call: string;
  /** Whether a module of the user gives imports: it has to, may, or there is nothing to give. */
  given: 'required' | 'optional' | 'never';
}

/**
 * What a worker gives its instance; `memories` is a parameter where memories come from outside. `from`: functions are
 * given by a module that the user names, or throw until the user writes them into the file.
 */
export function importsText(surface: Surface, from: 'module' | 'file', classes: (name: string) => string): Imports {
  const shared = sharedMemories(surface);
  const nothing = { types: '', text: '', given: 'never' } as const;
  if (surface.functions.length + surface.state.length + surface.importsLeftOut.length === 0)
    return { ...nothing, call: surface.wasi ? 'wasi.getImportObject() as WebAssembly.Imports' : '' };
  const scope = new Identifiers('camel', [
    ...'imports serve answer give module name value process console wasi workerData parentPort isMainThread'.split(' '),
    ...KEYWORDS,
  ]);
  const lines: string[] = [];
  const methods: string[] = [];
  const byModule = from === 'module';
  const required = surface.functions.length + surface.importsLeftOut.length > 0;
  for (const [i, one] of surface.state.entries()) {
    const at = shared.findIndex(({ type }) => type === one.type);
    const made = at < 0 ? definition(`const state${i}`, one) : `  const state${i} = memories[${at}];`;
    lines.push(`${made}\n${give(one.module, one.name, `state${i}`)}`);
  }
  const functions: string[] = [];
  for (const one of surface.functions) {
    const name = scope.claim(`${one.module} ${one.name}`, `import ${one.name}`);
    const params = one.params.map((type, i) => `p${i}: ${TS_TYPES[type]}`);
    methods.push(`  /** The import ${nameInComment(one.name)} of ${nameInComment(one.module)}. */
${head('  ', name, params, resultType(one.results)).slice(0, -2)};
`);
    functions.push(give(one.module, one.name, byModule ? `made.${name}.bind(made)` : `missing(${tsString(name)})`));
  }
  const parameters = [
    surface.wasi && 'wasi: WASI',
    shared.length > 0 && 'memories: WebAssembly.Memory[]',
    byModule && 'instance: () => WebAssembly.Instance',
    byModule && `file${required ? '' : '?'}: string`,
  ].filter((one) => one !== false);
  const imported = `(await import(file)) as { default: ${classes('MakeImports')} }`;
  const makes = [
    `  const { default: make } = ${imported};`,
    ...(surface.functions.length > 0
      ? ['  const made = make({ given, instance });', ...functions]
      : ['  make({ given, instance });']),
  ];
  const fromModule = required ? makes : ['  if (file !== undefined) {', ...makes.map((line) => `  ${line}`), '  }'];
  const text = `
/** What the module imports.${byModule ? '' : ' Functions throw, and state is zero, until you write them here.'} */
${head('', `${byModule ? 'async ' : ''}function imports`, parameters, byModule ? 'Promise<WebAssembly.Imports>' : 'WebAssembly.Imports')}
  // No prototype: the name of an import must not reach its properties.
  const given: WebAssembly.Imports = Object.create(null);
${surface.wasi ? '  Object.assign(given, wasi.getImportObject());\n' : ''}  const give = (module: string, name: string, value: WebAssembly.ImportValue): void => {
    given[module] ??= Object.create(null) as WebAssembly.ModuleImports;
    given[module][name] = value;
  };
${byModule ? '' : functions.length > 0 ? MISSING : ''}${[...lines, ...(byModule ? fromModule : functions)].join('\n')}
  return given;
}
`;
  const args = [
    surface.wasi && 'wasi',
    shared.length > 0 && 'memories',
    byModule && '() => instance',
    byModule && 'imported',
  ].filter((one) => one !== false);
  return {
    types: byModule ? importTypes(methods, classes) : '',
    text,
    call: `${byModule ? 'await ' : ''}imports(${args.join(', ')})`,
    given: !byModule ? 'never' : required ? 'required' : 'optional',
  };
}

const MISSING = `  const missing = (name: string) => (): never => {
    throw new Error(\`\${name} is not defined\`);
  };
`;

/** Types of the module that gives imports. */
function importTypes(methods: readonly string[], classes: (name: string) => string): string {
  const functions = `
/** Functions that the module imports. They run in the thread of the instance that calls them. */
export interface ${classes('Imports')} {
${methods.join('\n')}}
`;
  return `${methods.length > 0 ? functions : ''}
/**
 * The default export of the module that the option \`imports\` names; each thread calls it once. \`given\` has the
 * memories, tables and globals that are imported, all zero: replace or fill them. \`instance\` is for imported
 * functions, while they run.
 */
export type ${classes('MakeImports')} = (context: {
  given: WebAssembly.Imports;
  instance: () => WebAssembly.Instance;
}) => ${methods.length > 0 ? classes('Imports') : 'unknown'};
`;
}

const give = (module: string, name: string, value: string): string =>
  list('  ', 'give(', [tsString(module), tsString(name), value], ');');

function definition(variable: string, one: StateImport): string {
  const limits = ({ min, max }: { min: bigint; max: bigint | undefined }): string[] => [
    `initial: ${min}`,
    ...(max === undefined ? [] : [`maximum: ${max}`]),
  ];
  switch (one.kind) {
    case 'memory':
      return list('  ', `${variable} = new WebAssembly.Memory({`, limits(one.type.limits), '});');
    case 'table': {
      const element = one.type.type === FUNCREF ? 'anyfunc' : 'externref';
      const items = [`element: '${element}'`, ...limits(one.type.limits)];
      return list('  ', `${variable} = new WebAssembly.Table({`, items, '});');
    }
    case 'global': {
      const { type, value } = one;
      const items = [`value: '${value}'`, `mutable: ${type.mutable}`];
      return list('  ', `${variable} = new WebAssembly.Global({`, items, `}, ${value === 'i64' ? '0n' : '0'});`);
    }
  }
}
