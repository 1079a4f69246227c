/** Rust: the calls that a new instance needs before its API works. */

import { rustString } from '../../harmless/code.ts';
import { isMain, type LifeCall } from '../lifeCalls.ts';
import type { ThreadArgument } from '../threadLife.ts';
import type { Kit } from './kit.ts';
import { callExpression } from './layout.ts';

/**
 * Statements that make the calls of a new instance and, where instances have a memory in common, give it its stack and
 * thread-local storage unless it is the `first`.
 */
export function lifeLines(kit: Kit): string {
  const { surface, stack, thread, common } = kit;
  const every = surface.life.filter(({ per }) => !common || per === 'instance');
  const once = surface.life.filter(({ per }) => common && per === 'memory');
  const first = once.map((call) => prepared(kit, call, 12));
  const later = thread.map(({ name, args, as }) =>
    args.every((one) => typeof one === 'number')
      ? called(kit, 12, 'prepare', [rustString(name), `&[${args.join(', ')}]`], as && local(as))
      : `            let args = [${args.map(argument).join(', ')}];\n${called(kit, 12, 'prepare', [rustString(name), '&args'], as && local(as))}`,
  );
  const stacks: string[] = [];
  if (stack !== undefined && 'exported' in stack)
    stacks.push(
      `            let stack = Val::I32(maker.stack()?);
            let pointer = instance.get_global(&mut store, ${rustString(stack.exported)});
            let pointer = pointer.ok_or_else(|| Error::msg("it exports no stack pointer"))?;
            pointer.set(&mut store, stack)?;
`,
    );
  if (stack !== undefined && 'setter' in stack)
    stacks.push(
      '            let args = [maker.stack()?];\n',
      called(kit, 12, 'prepare', [rustString(stack.setter), '&args'], undefined),
    );
  const parts: string[] = [];
  if (stacks.length > 0) parts.push(`        if !first {\n${stacks.join('')}        }\n`);
  if (first.length > 0) parts.push(`        if first {\n${first.join('')}        }\n`);
  parts.push(...every.map((call) => prepared(kit, call, 8)));
  if (later.length > 0) parts.push(`        if !first {\n${later.join('')}        }\n`);
  return parts.join('');
}

const local = (name: string): string => (name === 'life_tls' ? 'block' : name);

const argument = (value: ThreadArgument): string =>
  typeof value === 'number'
    ? String(value)
    : value.align === 1
      ? local(value.result)
      : `(${local(value.result)} + ${value.align - 1}) & -${value.align}`;

function prepared(kit: Kit, call: LifeCall, indent: number): string {
  const func = isMain(call) && kit.surface.wasi ? 'run_main' : 'prepare';
  return called(kit, indent, func, [rustString(call.name), `&[${call.args.join(', ')}]`], undefined);
}

/** A call of `prepare` or `run_main`, whose result gets a name or none. */
function called({ asynchronous }: Kit, indent: number, func: string, more: string[], name: string | undefined): string {
  const args = ['&instance', '&mut store', ...more];
  const given = name === undefined ? '' : `let ${name} = `;
  if (!asynchronous) return `${callExpression(indent, `${given}${func}`, args, '?;')}\n`;
  return `${callExpression(indent, `let prepared = ${func}`, args, ';')}\n${' '.repeat(indent)}${given}prepared.await?;\n`;
}

/** The function `prepare`, and `run_main` where the main program of a command is run; nothing where no call is made. */
export function lifeFunctions(kit: Kit): string {
  const { surface, thread, stack, fn, wait, asynchronous } = kit;
  if (surface.life.length + thread.length === 0 && !(stack !== undefined && 'setter' in stack)) return '';
  const call = asynchronous ? 'call_async' : 'call';
  const store = `store: &mut Store<${kit.of('State')}>`;
  const generic = kit.bound;
  const main = surface.wasi && surface.life.some(isMain);
  return `
/// Calls an export that the module needs before others; returns its result, or zero.
${fn} prepare${generic}(
    instance: &wasmtime::Instance,
    ${store},
    name: &str,
    args: &[i32],
) -> Result<i32> {
    let function = instance.get_func(&mut *store, name);
    let function = function.ok_or_else(|| Error::msg("the module does not export it"))?;
    let args: Vec<Val> = args.iter().map(|&one| Val::I32(one)).collect();
    let mut results = vec![Val::I32(0); function.ty(&*store).results().len()];
    let called = function.${call}(store, &args, &mut results)${wait};
    called.map_err(|error| error.context(format!("{name} failed")))?;
    Ok(results.first().and_then(Val::i32).unwrap_or(0))
}
${
  main
    ? `
/// Runs the main program, which initialises the runtime of its language. Exit code 0 is success.
${fn} run_main${generic}(
    instance: &wasmtime::Instance,
    ${store},
    name: &str,
    args: &[i32],
) -> Result<()> {
    let Err(error) = prepare(instance, store, name, args)${wait} else {
        return Ok(());
    };
    match error.downcast_ref::<wasmtime_wasi::I32Exit>() {
        Some(exit) if exit.0 == 0 => Ok(()),
        _ => Err(error),
    }
}
`
    : ''
}`;
}
