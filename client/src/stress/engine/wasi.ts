/** WASI preview 1 through `@bjorn3/browser_wasi_shim`: no files, and neither clock nor randomness unless granted. */
import { ConsoleStdout, type Fd, File, OpenFile, WASI, WASIProcExit } from '@bjorn3/browser_wasi_shim';
import { OUT_POINTERS } from '../../../../server/src/analysis/wasiResults.ts';
import { GuestExit, type HostFunction, type HostMemory, type HostRange } from './hostFunctions.ts';
import type { Scenario } from './scenario.ts';

/** Read only; functions that tell something and touch no state of the host. */
const STATELESS = new Set([
  'args_get',
  'args_sizes_get',
  'environ_get',
  'environ_sizes_get',
  'clock_res_get',
  'clock_time_get',
  'proc_exit',
  'sched_yield',
  'poll_oneoff',
]);

/** Errno of https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno */
const FAULT = 21;
const INVALID = 28;
const NOT_SUPPORTED = 58;
/** The time that a clock without grant shows: nanoseconds since 1970. */
const STANDSTILL = 1_000_000_000_000_000_000n;
/** Most pointers of a list of buffers that are looked at. */
const MAX_VECTORS = 1024;

export interface WasiWorld {
  nanoseconds(): bigint;
  random(bytes: Uint8Array): void;
}

export interface Wasi {
  /** The function of that name; undefined when WASI has none. */
  functionOf(module: string, name: string): HostFunction | undefined;
  reset(): void;
  mark(): void;
}

export function createWasi(scenario: Pick<Scenario, 'host' | 'wasi'>, world: WasiWorld): Wasi {
  const { wasi: grants, host } = scenario;
  const env = Object.entries(grants.env ?? {}).map(([key, value]) => `${key}=${value}`);
  let used = false;
  const fresh = (): WASI => new WASI(grants.args ?? ['module'], env, descriptors(), { debug: false });
  let shim = fresh();

  const own: Record<string, (view: DataView, ...args: number[]) => number> = {
    clock_time_get(view, _id, _precision, at) {
      view.setBigUint64(at, grants.clock ? BigInt.asUintN(64, world.nanoseconds()) : STANDSTILL, true);
      return 0;
    },
    random_get(view, at, length) {
      const target = new Uint8Array(view.buffer, at, length);
      const bytes = new Uint8Array(length);
      if (grants.random) world.random(bytes);
      target.set(bytes);
      return 0;
    },
    poll_oneoff(view, _subscriptions, events, count, eventsAt) {
      // Clocks ring at once: waiting only costs time.
      if (count < 1 || count > 64) return INVALID;
      for (let i = 0; i < count; i++) {
        view.setBigUint64(events + i * 32, view.getBigUint64(_subscriptions + i * 48, true), true);
        view.setBigUint64(events + i * 32 + 8, 0n, true);
      }
      view.setUint32(eventsAt, count, true);
      return 0;
    },
    sched_yield: () => 0,
  };

  function call(name: string, args: readonly unknown[], memory: HostMemory): unknown {
    used ||= !STATELESS.has(name);
    const buffer = memory.buffer() as ArrayBuffer;
    try {
      if (own[name] !== undefined) return own[name](new DataView(buffer), ...args.map(Number));
      const implementation = shim.wasiImport[name];
      if (implementation === undefined) return NOT_SUPPORTED;
      shim.inst = { exports: { memory: { buffer } } } as unknown as WASI['inst'];
      return implementation(...args) ?? 0;
    } catch (error) {
      if (error instanceof WASIProcExit) throw new GuestExit(`exit(${error.code})`);
      // A pointer beyond the memory.
      if (error instanceof RangeError) return FAULT;
      if (typeof error === 'string') return NOT_SUPPORTED;
      throw error;
    }
  }

  return {
    functionOf(module, name) {
      if (module !== 'wasi_snapshot_preview1' && module !== 'wasi_unstable') return undefined;
      if (!Object.hasOwn(shim.wasiImport, name) && !Object.hasOwn(own, name)) return undefined;
      return {
        name: `${module}.${name}`,
        // wazero's default source of randomness is read without a lock.
        state:
          name === 'random_get' && host === 'wazero'
            ? 'racy'
            : STATELESS.has(name) || name === 'random_get'
              ? 'none'
              : 'guarded',
        call: (args, memory) => call(name, args, memory),
        ranges: (args, memory) => rangesOf(name, args.map(Number), memory),
      };
    },
    reset() {
      if (!used) return;
      shim = fresh();
      used = false;
    },
    // Files opened by setup are not kept: there are none to open.
    mark() {},
  };
}

/** Standard streams that take everything and give nothing. */
function descriptors(): Fd[] {
  return [new OpenFile(new File([])), ConsoleStdout.lineBuffered(() => {}), ConsoleStdout.lineBuffered(() => {})];
}

/** What a call reads and writes in memory. */
function rangesOf(name: string, args: readonly number[], memory: HostMemory): HostRange[] {
  const ranges: HostRange[] = [];
  const view = new DataView(memory.buffer() as ArrayBuffer);
  const vectors = (at: number, count: number, access: 'read' | 'write'): void => {
    const size = Math.min(count, MAX_VECTORS) * 8;
    ranges.push({ access: 'read', start: at >>> 0, size });
    for (let i = 0; i < size; i += 8) {
      if ((at >>> 0) + i + 8 > view.byteLength) return;
      ranges.push({
        access,
        start: view.getUint32((at >>> 0) + i, true),
        size: view.getUint32((at >>> 0) + i + 4, true),
      });
    }
  };
  if (name === 'fd_write' || name === 'fd_pwrite') vectors(args[1], args[2], 'read');
  if (name === 'fd_read' || name === 'fd_pread') {
    vectors(args[1], args[2], 'write');
    ranges.push({ access: 'write', start: (name === 'fd_read' ? args[3] : args[4]) >>> 0, size: 4 });
  }
  if (name === 'poll_oneoff') {
    ranges.push({ access: 'read', start: args[0] >>> 0, size: Math.min(args[2], 64) * 48 });
    ranges.push({ access: 'write', start: args[1] >>> 0, size: Math.min(args[2], 64) * 32 });
    ranges.push({ access: 'write', start: args[3] >>> 0, size: 4 });
    return ranges;
  }
  for (const [parameter, size] of OUT_POINTERS[name] ?? []) {
    const bytes = size > 0 ? size : size < 0 ? args[-size] >>> 0 : 64;
    ranges.push({ access: 'write', start: args[parameter] >>> 0, size: bytes });
  }
  if (name.startsWith('path_') && args.length > 3)
    ranges.push({
      access: 'read',
      start: args[name === 'path_open' || name.includes('filestat') ? 2 : 1] >>> 0,
      size: 1,
    });
  return ranges;
}
