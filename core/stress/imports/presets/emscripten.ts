// biome-ignore-all lint/correctness/useYield: many of these functions touch no memory
/**
 * What the JavaScript glue of Emscripten does for a module: calls through the table that can throw, growth of the memory,
 * copies, the end of the program. Source: src/lib/libcore.js, src/lib/libmemoryprofiler.js and system/lib/libc of Emscripten.
 */

import { isInvoke, SET_THREW, STACK_RESTORE, STACK_SAVE } from '../../../analysis/host/callbacks.ts';
import { message } from '../../../text/l10n.ts';
import { sourceName } from '../../../wasm/displayNames.ts';
import { F32, F64, I32, I64, type ValType } from '../../../wasm/types.ts';
import type { FunctionType } from '../declaredEffects.ts';
import { GuestExit, type HostOperation, type HostOperations } from '../hostFunction.ts';
import { operating, readBytes, readTerminated, unsignedArgument } from '../hostOperations.ts';
import type { Preset } from './preset.ts';

/** `ENOSYS` of WASI: there is no file system. */
const NOT_SUPPORTED = -52;
const PAGE = 65_536;
/** Bytes that one part of a copy moves. */
const PART = 4096;

/** Something that the guest throws through `invoke_*`: a C++ exception or a longjmp. */
class Thrown extends GuestExit {}

/** `named`: the export that has a name in the source. */
type Call = (args: readonly unknown[], named: (name: string) => string | undefined) => HostOperations;

/** Calls a slot of the table; what is thrown there is kept for the guest, which asks for it. */
function* invoke(
  [slot, ...args]: readonly unknown[],
  named: (name: string) => string | undefined,
  results: readonly ValType[],
): HostOperations {
  const [save, restore, threw] = [STACK_SAVE, STACK_RESTORE, SET_THREW].map((names) =>
    names.map(named).find((one) => one !== undefined),
  );
  const stack = save === undefined ? undefined : yield { do: 'call', export: save, args: [] };
  try {
    return yield { do: 'invoke', slot: unsignedArgument(slot), args };
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    if (restore !== undefined && stack !== undefined) yield { do: 'call', export: restore, args: [stack] };
    if (threw !== undefined) yield { do: 'call', export: threw, args: [1, 0] };
    return results[0] === I64 ? 0n : 0;
  }
}

/** Grows by a fifth, as the glue does, else to what is wanted; answers whether it could. */
function* resize([wanted]: readonly unknown[]): HostOperations {
  const bytes = unsignedArgument(wanted);
  const now = (yield { do: 'size' }) as number;
  const needed = Math.ceil(bytes / PAGE) - now;
  const eager = Math.ceil(Math.max(bytes, now * PAGE * 1.2) / PAGE) - now;
  for (const pages of new Set([eager, needed])) {
    if (pages <= 0) continue;
    if ((yield { do: 'grow', pages }) !== -1) return 1;
  }
  return needed <= 0 ? 1 : 0;
}

function* copy([to, from, count]: readonly unknown[]): Generator<HostOperation, undefined, unknown> {
  const [target, source, length] = [to, from, count].map(unsignedArgument);
  for (let at = 0; at < length; at += PART) {
    const bytes = yield* readBytes(source + at, Math.min(PART, length - at));
    yield { do: 'write', at: target + at, bytes };
  }
  return undefined;
}

const answering = (value: unknown): Call =>
  function* () {
    return value;
  };

const ending = (make: (args: readonly unknown[]) => Error): Call =>
  function* (args) {
    throw make(args);
  };

const aborted: Call = ending(() => new Error('Aborted()'));
const exits: Call = ending(([code]) => new GuestExit(`exit(${Number(code)})`));
const throws = (what: string): Call => ending(() => new Thrown(what));

function* assertion([condition, file, line, name]: readonly unknown[]): HostOperations {
  const [what, where, who] = [
    yield* readTerminated(unsignedArgument(condition)),
    yield* readTerminated(unsignedArgument(file)),
    unsignedArgument(name) === 0 ? '' : yield* readTerminated(unsignedArgument(name)),
  ];
  throw new Error(`assertion failed: ${what}, at ${where}:${Number(line)}${who === '' ? '' : ` in ${who}`}`);
}

/** Functions by name, with the number of their parameters. */
const FUNCTIONS: Readonly<Record<string, { params: number; call: Call }>> = {
  emscripten_resize_heap: { params: 1, call: resize },
  emscripten_memcpy_js: { params: 3, call: copy },
  _emscripten_memcpy_js: { params: 3, call: copy },
  emscripten_memcpy_big: { params: 3, call: copy },
  abort: { params: 0, call: aborted },
  _abort_js: { params: 0, call: aborted },
  __assert_fail: { params: 4, call: assertion },
  exit: { params: 1, call: exits },
  _exit: { params: 1, call: exits },
  emscripten_force_exit: { params: 1, call: exits },
  _emscripten_throw_longjmp: { params: 0, call: throws('uncaught longjmp') },
  emscripten_longjmp: { params: 2, call: throws('uncaught longjmp') },
  __cxa_throw: { params: 3, call: throws('uncaught C++ exception') },
  __resumeException: { params: 1, call: throws('uncaught C++ exception') },
  _emscripten_get_now_is_monotonic: { params: 0, call: answering(1) },
};

const isSyscall = (name: string): boolean => name.startsWith('__syscall_');

/** Types that the results of these functions can have. */
const NUMBERS: ReadonlySet<ValType> = new Set([I32, I64, F32, F64]);

function callOf(name: string, { params, results }: FunctionType): Call | undefined {
  if (isInvoke(name) && params.length > 0 && results.every((type) => NUMBERS.has(type)))
    return (args, named) => invoke(args, named, results);
  if (isSyscall(name) && results.length === 1 && results[0] === I32) return answering(NOT_SUPPORTED);
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  return known?.params === params.length ? known.call : undefined;
}

/** The preset. */
export const emscripten: Preset = {
  id: 'emscripten',
  recognises: (module, name, type) => module === 'env' && callOf(name, type) !== undefined,
  without: message('a file system, C++ catch clauses, threads, clocks and everything of a browser'),
  create({ module }) {
    const exported = new Map(
      module.exports.filter(({ kind }) => kind === 'func').map((one) => [sourceName(one), one.name]),
    );
    return {
      functionOf(from, name, type) {
        const call = from === 'env' ? callOf(name, type) : undefined;
        return call && operating(`${from}.${name}`, (args) => call(args, (one) => exported.get(one)));
      },
    };
  },
  calls: {
    exports: [...STACK_SAVE, ...STACK_RESTORE, ...SET_THREW],
    throughTable: (module, name, type) => module === 'env' && isInvoke(name) && callOf(name, type) !== undefined,
  },
  grows: (module, name) => module === 'env' && name === 'emscripten_resize_heap',
};
