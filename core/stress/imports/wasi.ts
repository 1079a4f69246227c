/** WASI preview 1 through `@bjorn3/browser_wasi_shim`: no files, and neither clock nor randomness unless granted. */
import { ConsoleStdout, type Fd, WASI, WASIProcExit } from '@bjorn3/browser_wasi_shim';
import { WASI_FUNCTIONS, WASI_RECORDS, type WasiVersion } from '../../analysis/host/wasi.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import { I32, type ValType } from '../../wasm/types.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { grantedWorld, type World } from './grantedWorld.ts';
import { GuestExit, type HostFunction, type HostMemory } from './hostFunction.ts';
import { MAX_VECTORS, type TextBytes, wasiRanges } from './wasiRanges.ts';

/** Functions with a list of buffers, its length in argument 2. */
const WITH_VECTORS = new Set(['fd_read', 'fd_write', 'fd_pread', 'fd_pwrite']);

/** Errno of https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno */
const BAD_FILE = 8;
const FAULT = 21;
const INVALID = 28;
const NOT_SUPPORTED = 58;
/** Time of the clock unless the scenario grants the real one: nanoseconds since 1970. */
const STANDSTILL = 1_000_000_000_000_000_000n;

/** WASI for the callers of a run. */
export interface Wasi {
  /** The function of that name with these results; undefined if WASI has none. */
  functionOf(module: string, name: string, results: readonly ValType[]): HostFunction | undefined;
  /** Restores the open files of `mark`, and repeats the answers of the world after it. */
  reset(): void;
  mark(): void;
}

/** A call: the memory of the caller, the version of WASI, and the index of the caller. */
interface Context {
  view: DataView;
  version: WasiVersion;
  caller: number;
}

type Own = (context: Context, ...args: number[]) => number;

/** WASI with what the scenario grants. */
export function createWasi(scenario: Pick<Scenario, 'host' | 'wasi'>, world: World): Wasi {
  const { wasi: grants, host } = scenario;
  const args = grants.args ?? ['module'];
  const env = Object.entries(grants.env ?? {}).map(([key, value]) => `${key}=${value}`);
  const shim = new WASI(args, env, descriptors(), { debug: false });
  const texts = { args_get: textBytes(args), environ_get: textBytes(env) };
  const granted = grantedWorld(world);
  let marked = shim.fds.slice();

  // Functions for which the shim uses the real clock and randomness, or which it lacks or gets wrong.
  const own: Record<string, Own> = {
    args_sizes_get({ view }, count, bytes) {
      view.setUint32(count, args.length, true);
      view.setUint32(bytes, texts.args_get.texts, true); // The shim counts UTF-16 units.
      return 0;
    },
    clock_time_get({ view, caller }, _id, _precision, at) {
      view.setBigUint64(at, grants.clock ? BigInt.asUintN(64, granted.nanoseconds(caller)) : STANDSTILL, true);
      return 0;
    },
    random_get({ view, caller }, at, length) {
      const target = new Uint8Array(view.buffer, at, length);
      if (grants.random) granted.random(caller, target);
      else target.fill(0);
      return 0;
    },
    poll_oneoff({ view, version }, subscriptions, events, count, eventsAt) {
      if (count < 1 || count > MAX_VECTORS) return INVALID;
      // Clock subscriptions fire at once: waiting would only cost time.
      for (let i = 0; i < count; i++) {
        const subscription = subscriptions + i * WASI_RECORDS[version].subscription;
        const event = events + i * 32;
        view.setBigUint64(event, view.getBigUint64(subscription, true), true);
        view.setUint16(event + 8, 0, true);
        view.setUint8(event + 10, view.getUint8(subscription + 8));
        view.setBigUint64(event + 16, 0n, true);
        view.setUint16(event + 24, 0, true);
      }
      view.setUint32(eventsAt, count, true);
      return 0;
    },
    sched_yield: () => 0,
    fd_filestat_get({ view, version }, fd, at) {
      const { ret, filestat } = shim.fds[fd]?.fd_filestat_get() ?? { ret: BAD_FILE, filestat: null };
      if (filestat === null) return ret;
      // Device and inode, type, number of links; sizes and times are zero.
      new Uint8Array(view.buffer, at, WASI_RECORDS[version].filestat).fill(0);
      view.setBigUint64(at + 8, BigInt(fd), true); // The shim numbers inodes across runs.
      view.setUint8(at + 16, filestat.filetype);
      return ret;
    },
  };

  function call(
    version: WasiVersion,
    name: string,
    args: readonly unknown[],
    memory: HostMemory,
    caller: number,
  ): unknown {
    const buffer = memory.buffer() as ArrayBuffer;
    const numbers = args.map(unsigned);
    if (WITH_VECTORS.has(name) && Number(numbers[2]) > MAX_VECTORS) return INVALID;
    try {
      if (Object.hasOwn(own, name))
        return own[name]({ view: new DataView(buffer), version, caller }, ...numbers.map(Number));
      shim.inst = { exports: { memory: { buffer } } } as unknown as WASI['inst'];
      return shim.wasiImport[name](...(name === 'proc_exit' ? args : numbers)) ?? 0;
    } catch (error) {
      if (error instanceof WASIProcExit) throw new GuestExit(`exit(${error.code})`);
      // A pointer beyond the memory.
      if (error instanceof RangeError) return FAULT;
      // The shim throws a string for what it does not support.
      if (typeof error === 'string') return NOT_SUPPORTED;
      if (error instanceof TypeError)
        throw new Error('its arguments are not those of WASI preview 1, which does not support 64-bit memories');
      throw error;
    }
  }

  return {
    functionOf(module, name, results) {
      if (!isVersion(module)) return undefined;
      const known = Object.hasOwn(WASI_FUNCTIONS[module], name) ? WASI_FUNCTIONS[module][name] : undefined;
      if (known === undefined || !Object.hasOwn(shim.wasiImport, name)) return undefined;
      if (name === 'proc_exit' ? results.length > 0 : results.length !== 1 || results[0] !== I32) return undefined;
      const racy = HOST_PROFILES[host].unguardedWasi.includes(name);
      return {
        name: `${module}.${name}`,
        // In this implementation no descriptor is ever not ready.
        state: racy ? 'racy' : known.state === 'changes' ? 'guarded' : 'none',
        call: (args, memory, caller) => call(module, name, args, memory, caller),
        ranges: (args, memory) =>
          wasiRanges(
            known,
            args.map((arg) => Number(unsigned(arg))),
            memory,
            Object.hasOwn(texts, name) ? texts[name as keyof typeof texts] : undefined,
          ),
      };
    },
    reset() {
      shim.fds = marked.slice();
      granted.reset();
    },
    mark() {
      marked = shim.fds.slice();
      granted.mark();
    },
  };
}

const isVersion = (module: string): module is WasiVersion => Object.hasOwn(WASI_FUNCTIONS, module);

/** An i32 as WASI means it: pointers and lengths. */
const unsigned = (arg: unknown): unknown => (typeof arg === 'number' ? arg >>> 0 : arg);

function textBytes(list: readonly string[]): TextBytes {
  const encoder = new TextEncoder();
  return { pointers: list.length * 4, texts: list.reduce((sum, text) => sum + encoder.encode(text).length + 1, 0) };
}

/** Standard streams without state: an input at its end, and outputs that discard everything. */
function descriptors(): Fd[] {
  const input = Object.assign(new ConsoleStdout(() => {}), {
    fd_read: () => ({ ret: 0, data: new Uint8Array() }),
    fd_write: () => ({ ret: BAD_FILE, nwritten: 0 }),
  });
  return [input, new ConsoleStdout(() => {}), new ConsoleStdout(() => {})];
}
