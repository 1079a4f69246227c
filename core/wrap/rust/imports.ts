/** Rust: what the user gives to the module, as a trait, and the data of a store. */

import { nameInComment, rustString } from '../../harmless/code.ts';
import { Identifiers } from '../identifiers.ts';
import type { NumType } from '../signature.ts';
import type { FunctionImport, StateImport, Surface } from '../surface.ts';
import { KEYWORDS, type Kit } from './kit.ts';
import { callExpression, signature, tupleType } from './layout.ts';

/** A function of the trait for each function and each global that the module imports. */
export interface ImportNames {
  functions: ReadonlyMap<FunctionImport, string>;
  globals: ReadonlyMap<StateImport, string>;
}

/** Names of functions and variables of a file. */
const TAKEN =
  'count_epochs define drop engine imports linker memory module options other pooled prepare run_main source store typed wasm'.split(
    ' ',
  );

/** Names of the functions of the trait, all different. */
export function importNames({ functions, state }: Surface): ImportNames {
  const scope = new Identifiers('snake', [...KEYWORDS, ...TAKEN]);
  const claim = (one: { module: string; name: string }): string =>
    scope.claim(`${one.module} ${one.name}`, `import ${one.name}`);
  return {
    functions: new Map(functions.map((one) => [one, claim(one)])),
    globals: new Map(state.flatMap((one) => (one.kind === 'global' ? [[one, claim(one)]] : []))),
  };
}

/** The trait `Imports`; empty where there is nothing to give. `stack`: the global that each instance gets its own value of. */
export function importsTrait(kit: Kit, names: ImportNames): string {
  const { asynchronous } = kit;
  if (kit.arg === '') return '';
  const [trait, state] = [kit.type('Imports'), kit.type('State')];
  const methods: string[] = [];
  for (const [one, name] of names.functions) {
    const { params, results } = one;
    const given = params.map((type, i) => `p${i}: ${type}`);
    const result = `Result<${tupleType(4, results)}>`;
    const answer = asynchronous ? `impl Future<Output = ${result}> + Send` : result;
    methods.push(`    /// The import ${nameInComment(one.name)} of ${nameInComment(one.module)}.
${declaration(`fn ${name}`, [`caller: Caller<'_, ${state}<Self>>`, ...given], answer)}
`);
  }
  for (const [one, name] of names.globals) {
    if (one.kind !== 'global') continue;
    methods.push(`    /// The value that the imported global ${nameInComment(one.name)} of ${nameInComment(one.module)} begins with.
    fn ${name}(&self) -> ${one.value} {
        ${zero(one.value)}
    }
`);
  }
  methods.push(`    /// Defines more in \`linker\`, such as imports that no function above stands for.
    fn define(linker: &mut Linker<${state}<Self>>) -> Result<()> {
        let _ = linker;
        Ok(())
    }
`);
  return `/// What the module imports. Each instance has its own value of this type, which functions reach with
/// \`caller.data_mut().imports\`; what those values have in common, many threads use at the same time. The memory is
/// \`caller.get_export("memory")\`. An error that a function returns ends the call of the module.${
    asynchronous
      ? `
/// Write the functions as \`async fn\`; other tasks run while one waits.`
      : ''
  }
pub trait ${trait}: Sized + Send + 'static {
${methods.join('\n')}}

`;
}

/** A function of a trait, without a body. How rustfmt breaks a long one depends on its edition. */
function declaration(head: string, params: readonly string[], result: string): string {
  const text = signature(4, head, params, result).replace(/ \{$/, ';');
  return text.includes('\n') ? `    #[rustfmt::skip]\n${text}` : text;
}

const zero = (type: NumType): string => (type.startsWith('f') ? '0.0' : '0');

/** The type `State`. */
export function stateType(kit: Kit): string {
  const { surface, arg } = kit;
  const fields = [
    ...(arg === '' ? [] : ['    /// What the user gave to this instance.\n    pub imports: I,\n']),
    '    limits: StoreLimits,\n',
    ...(surface.wasi ? ['    wasi: WasiP1Ctx,\n'] : []),
  ];
  return `/// The data of a store. Every instance has its own.
pub struct ${kit.of('State')} {
${fields.join('')}}
`;
}

/** Lines that define the functions in `linker`, and whether there are any. */
export function definedImports(kit: Kit, names: ImportNames): string[] {
  const { surface, asynchronous } = kit;
  const lines: string[] = [];
  if (surface.wasi)
    lines.push(
      `        p1::add_to_linker_${asynchronous ? 'async' : 'sync'}(&mut linker, |state: &mut ${kit.of('State')}| &mut state.wasi)?;\n`.replace(
        /^(.{101,})\n$/,
        () =>
          `        p1::add_to_linker_${asynchronous ? 'async' : 'sync'}(&mut linker, |state: &mut ${kit.of('State')}| {\n            &mut state.wasi\n        })?;\n`,
      ),
    );
  for (const [one, name] of names.functions) {
    const [method, func] = asynchronous ? ['func_wrap_async', `${name}::<I>`] : ['func_wrap', `I::${name}`];
    lines.push(
      `${callExpression(8, `linker.${method}`, [rustString(one.module), rustString(one.name), func], '?;')}\n`,
    );
  }
  if (kit.arg !== '') lines.push('        I::define(&mut linker)?;\n');
  return lines;
}

/** Functions that give `Linker::func_wrap_async` what it wants; empty for calls that are not `async`. */
export function adapters(kit: Kit, names: ImportNames): string {
  if (!kit.asynchronous) return '';
  const state = kit.type('State');
  return [...names.functions]
    .map(([{ params, results }, name]) => {
      const type = params.length === 1 ? `(${params[0]},)` : tupleType(4, params);
      const given = ['caller', ...params.map((_, i) => `p.${i}`)];
      return `
${signature(0, `fn ${name}<'a, I: ${kit.type('Imports')}>`, [`caller: Caller<'a, ${state}<I>>`, `${params.length === 0 ? '_' : ''}p: ${type}`], `Box<dyn Future<Output = Result<${tupleType(0, results)}>> + Send + 'a>`)}
${callExpression(4, `let answer = I::${name}`, given, ';')}
    Box::new(answer)
}
`;
    })
    .join('');
}
