/** Rust: the calls that a new instance needs before its API works. */
import { isMain, type LifeCall } from '../lifeCalls.ts';
import { rustString } from '../quoting.ts';
import type { Surface } from '../surface.ts';
import type { ThreadArgument } from '../threadLife.ts';
import type { Kit } from './kit.ts';
import { callExpression } from './layout.ts';

/** Statements that set the stack of an instance after the first, and make its calls. `first`: whether it is the first. */
export function lifeLines(kit: Kit): string {
  const { surface, stack, thread, wait, common } = kit;
  const every = surface.life.filter(({ per }) => !common || per === 'instance');
  const once = surface.life.filter(({ per }) => common && per === 'memory');
  const first = once.map((call) => prepared(call, surface, wait, '            '));
  const later: string[] = [];
  for (const { name, args, as } of thread) {
    const given = args.map(argument);
    const call = callExpression(12, 'prepare', ['&instance', '&mut store', rustString(name), `&[${given.join(', ')}]`], `${wait}?;`);
    later.push(as === undefined ? `${call}\n` : call.replace(/^ +/, `            let ${local(as)} = `) + '\n');
  }
  const stacks: string[] = [];
  if (stack !== undefined && 'exported' in stack)
    stacks.push(
      `            let stack = Val::I32(maker.stack()?);
            let pointer = instance.get_global(&mut store, ${rustString(stack.exported)});
            let pointer = pointer.ok_or_else(|| Error::msg("the module exports no stack pointer"))?;
            pointer.set(&mut store, stack)?;
`,
    );
  const parts: string[] = [];
  if (stacks.length > 0) parts.push(`        if !first {\n${stacks.join('')}        }\n`);
  if (first.length > 0) parts.push(`        if first {\n${first.join('')}        }\n`);
  parts.push(...every.map((call) => prepared(call, surface, wait, '        ')));
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

function prepared(call: LifeCall, { wasi }: Surface, wait: string, indent: string): string {
  const args = `&[${call.args.join(', ')}]`;
  const func = isMain(call) && wasi ? 'run_main' : 'prepare';
  return `${callExpression(indent.length, func, ['&instance', '&mut store', rustString(call.name), args], `${wait}?;`)}\n`;
}

/** The function `prepare`, and `run_main` where the main program of a command is run; nothing where no call is made. */
export function lifeFunctions(kit: Kit): string {
  const { surface, thread, fn, wait, asynchronous } = kit;
  if (surface.life.length + thread.length === 0) return '';
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
