// biome-ignore-all lint/correctness/useYield: many of these functions touch no memory
/**
 * What Go's and TinyGo's builds for JavaScript import beside values of JavaScript: exit, output, clock and randomness. Both
 * stand still: times and random bytes are zero. Source: lib/wasm/wasm_exec.js of Go, targets/wasm_exec.js of TinyGo.
 */
import { message } from '../../../text/l10n.ts';
import type { FunctionType } from '../declaredEffects.ts';
import { GuestExit, type HostOperation, type HostOperations } from '../hostFunction.ts';
import { operating, readBytes, unsignedArgument } from '../hostOperations.ts';
import type { Preset } from './preset.ts';

const MODULES: ReadonlySet<string> = new Set(['gojs', 'go']);
/** Most random bytes of one call. */
const MAX_RANDOM = 65_536;

/** Reads a number of 64 bits of the frame of arguments. */
function* wordAt(at: number): Generator<HostOperation, bigint, unknown> {
  return new DataView((yield* readBytes(at, 8)).buffer).getBigUint64(0, true);
}

function* zeros(at: number, length: number): Generator<HostOperation, undefined, unknown> {
  if (length > 0) yield { do: 'write', at, bytes: new Uint8Array(length) };
  return undefined;
}

/** Functions of Go get the stack pointer, where arguments and results lie from the ninth byte on. */
const FUNCTIONS: Readonly<Record<string, (sp: number) => HostOperations>> = {
  *'runtime.wasmExit'(sp) {
    const code = new DataView((yield* readBytes(sp + 8, 4)).buffer).getInt32(0, true);
    throw new GuestExit(`exit(${code})`);
  },
  *'runtime.wasmWrite'(sp) {
    const [at, length] = [
      yield* wordAt(sp + 16),
      new DataView((yield* readBytes(sp + 24, 4)).buffer).getUint32(0, true),
    ];
    yield* readBytes(Number(at), length);
  },
  *'runtime.resetMemoryDataView'() {},
  'runtime.nanotime1': (sp) => zeros(sp + 8, 8),
  'runtime.walltime': (sp) => zeros(sp + 8, 12),
  'runtime.scheduleTimeoutEvent': (sp) => zeros(sp + 16, 4),
  *'runtime.clearTimeoutEvent'() {},
  *'runtime.getRandomData'(sp) {
    const [at, length] = [yield* wordAt(sp + 8), yield* wordAt(sp + 16)];
    if (length > MAX_RANDOM) throw new Error(`${length} random bytes; the limit is ${MAX_RANDOM}`);
    yield* zeros(Number(at), Number(length));
  },
};

/** TinyGo's, with their arguments as parameters. */
const TINY: Readonly<Record<string, () => HostOperations>> = {
  *'runtime.ticks'() {
    return 0;
  },
  *'runtime.sleepTicks'() {},
};

const knows = (module: string, name: string, { params, results }: FunctionType): boolean =>
  MODULES.has(module) &&
  ((Object.hasOwn(FUNCTIONS, name) && params.length === 1 && results.length === 0) ||
    (Object.hasOwn(TINY, name) && params.length <= 1));

/** The preset. */
export const gojs: Preset = {
  id: 'gojs',
  recognises: knows,
  without: message('values of JavaScript (syscall/js), timers, a clock and random bytes'),
  create: () => ({
    functionOf(module, name, type) {
      if (!knows(module, name, type)) return undefined;
      const call = FUNCTIONS[name] ?? TINY[name];
      return operating(`${module}.${name}`, ([sp]) => call(unsignedArgument(sp)));
    },
  }),
};
