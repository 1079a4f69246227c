/** Rust: the calls that a new instance needs before its API works. */
import { isMain, type LifeCall } from '../lifeCalls.ts';
import { rustString } from '../quoting.ts';
import type { Surface } from '../surface.ts';

/** Statements that make the calls of `instance` through its typed functions. */
export const typedLife = ({ life, wasi }: Surface): string =>
  life
    .map((call) => {
      const { params, results, args } = call;
      const tuple = (items: readonly (string | number)[]): string =>
        items.length === 1 ? String(items[0]) : `(${items.join(', ')})`;
      const types = `::<${tuple(params)}, ${tuple(results)}>`;
      return statement(call, wasi, '        ', `typed${types}(&instance, &mut store, ${rustString(call.name)})?`, [
        tuple(args),
      ]);
    })
    .join('');

/** The same through untyped functions, indented by `indent`; `per`: only those for all instances over a memory, or the others. */
export const untypedLife = ({ life, wasi }: Surface, indent: string, per?: LifeCall['per']): string =>
  life
    .filter((call) => per === undefined || call.per === per)
    .map((call) => {
      const results = call.results.map(() => 'Val::I32(0)').join(', ');
      const args = call.args.map((value) => `Val::I32(${value})`).join(', ');
      const params = args === '' ? '' : `${indent}let params = [${args}];\n`;
      const func = `function(&instance, &mut store, ${rustString(call.name)})?`;
      return `${params}${statement(call, wasi, indent, func, [args === '' ? '&[]' : '&params', `&mut [${results}]`])}`;
    })
    .join('');

function statement(call: LifeCall, wasi: boolean, indent: string, func: string, given: readonly string[]): string {
  const made = `${func}.call(&mut store, ${given.join(', ')})`;
  if (!isMain(call) || !wasi) return `${indent}${made}?;\n`;
  return `${indent}// The main program initialises the runtime of its language. Exit code 0 is success.
${indent}let ended = ${made};
${indent}if let Err(error) = ended {
${indent}    match error.downcast_ref::<wasmtime_wasi::I32Exit>() {
${indent}        Some(exit) if exit.0 == 0 => {}
${indent}        _ => return Err(error),
${indent}    }
${indent}}
`;
}
