// biome-ignore-all lint/correctness/useYield: many of these functions touch no memory
/**
 * Extism: the kernel's memory, from which a plugin takes its input and in which it leaves its output. Blocks of a caller lie
 * in a part of the kernel's memory of its own, so that addresses do not depend on the order of calls.
 * Source: https://extism.org/docs/concepts/plug-in-system and the runtime's `extism-runtime-kernel`.
 */
import { message } from '../../../text/l10n.ts';
import { I32 } from '../../../wasm/types.ts';
import type { FunctionType } from '../declaredEffects.ts';
import type { HostOperation, HostOperations } from '../hostFunction.ts';
import { operating } from '../hostOperations.ts';
import { PerCaller, type Preset, type PresetWorld } from './preset.ts';

const KERNEL = 'extism:host/env';
/** Bytes between the parts of two callers, and where the first one begins: 0 is no block. */
const PART = 2 ** 32;
/** Most bytes of one block. */
const MAX_BLOCK = 1 << 26;

/** What the calls of one caller have in the kernel. */
interface Kernel {
  /** Blocks by address. */
  blocks: Map<number, Uint8Array>;
  next: number;
  input: Uint8Array;
  config: Record<string, string>;
}

/** Variables of the plugin, which all calls share. */
interface Variables {
  values: Map<string, Uint8Array>;
}

/** What functions of the kernel work on. */
interface Context {
  kernel: Kernel;
  variablesOf(instance: unknown): Variables;
}

type Call = (context: Context, ...args: number[]) => HostOperations;

function block({ blocks }: Kernel, address: number): { bytes: Uint8Array; at: number } | undefined {
  for (const [start, bytes] of blocks)
    if (address >= start && address < start + bytes.length) return { bytes, at: address - start };
  return undefined;
}

function alloc(kernel: Kernel, bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const address = kernel.next;
  kernel.next += bytes.length;
  kernel.blocks.set(address, bytes);
  return BigInt(address);
}

function store(kernel: Kernel, address: number, width: number, value: bigint): undefined {
  const found = block(kernel, address);
  if (found === undefined || found.at + width > found.bytes.length)
    throw new Error(`a store to ${address}, which is in no block of the kernel`);
  for (let i = 0; i < width; i++) found.bytes[found.at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}

function load(bytes: Uint8Array, at: number, width: number): bigint {
  if (at + width > bytes.length) throw new Error(`a load of ${width} bytes at ${at} of ${bytes.length}`);
  let value = 0n;
  for (let i = width - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i]);
  return BigInt.asIntN(64, value);
}

function loadFrom(kernel: Kernel, address: number, width: number): bigint {
  const found = block(kernel, address);
  if (found === undefined) throw new Error(`a load from ${address}, which is in no block of the kernel`);
  return load(found.bytes, found.at, width);
}

const text = (kernel: Kernel, address: number): string => {
  const found = block(kernel, address);
  return found === undefined ? '' : new TextDecoder().decode(found.bytes);
};

function* seen(what: string, bytes: Uint8Array): Generator<HostOperation, undefined, unknown> {
  yield { do: 'observe', text: `${what} ${JSON.stringify(new TextDecoder().decode(bytes))}` };
  return undefined;
}

const NOTHING_TO_DO: Call = function* () {};

const FUNCTIONS: Readonly<Record<string, Call>> = {
  *alloc({ kernel }, length) {
    if (length > MAX_BLOCK) throw new Error(`a block of ${length} bytes; the limit of this kernel is ${MAX_BLOCK}`);
    return alloc(kernel, new Uint8Array(length));
  },
  *free({ kernel }, address) {
    kernel.blocks.delete(address);
  },
  *length({ kernel }, address) {
    return BigInt(kernel.blocks.get(address)?.length ?? 0);
  },
  *length_unsafe({ kernel }, address) {
    return BigInt(kernel.blocks.get(address)?.length ?? 0);
  },
  *load_u8({ kernel }, address) {
    return loadFrom(kernel, address, 1);
  },
  *load_u64({ kernel }, address) {
    return loadFrom(kernel, address, 8);
  },
  *store_u8({ kernel }, address, value) {
    return store(kernel, address, 1, BigInt(value));
  },
  *input_length({ kernel }) {
    return BigInt(kernel.input.length);
  },
  *input_load_u8({ kernel }, at) {
    return load(kernel.input, at, 1);
  },
  *input_load_u64({ kernel }, at) {
    return load(kernel.input, at, 8);
  },
  *output_set({ kernel }, address, length) {
    const found = block(kernel, address);
    return yield* seen('output', found?.bytes.subarray(found.at, found.at + length) ?? new Uint8Array());
  },
  *error_set({ kernel }, address) {
    return yield* seen('error', block(kernel, address)?.bytes ?? new Uint8Array());
  },
  *config_get({ kernel }, address) {
    const key = text(kernel, address);
    return Object.hasOwn(kernel.config, key) ? alloc(kernel, new TextEncoder().encode(kernel.config[key])) : 0n;
  },
  *http_status_code() {
    return 0;
  },
  *http_headers() {
    return 0n;
  },
  *get_log_level() {
    return 2;
  },
  log_trace: NOTHING_TO_DO,
  log_debug: NOTHING_TO_DO,
  log_info: NOTHING_TO_DO,
  log_warn: NOTHING_TO_DO,
  log_error: NOTHING_TO_DO,
};

/** Each instance is a plugin with variables of its own. */
const TURN: HostOperation = { do: 'turn', state: 'the variables of the plugin', of: 'instance' };

/** Functions with a state that all callers share, which the host guards. */
const SHARED: Readonly<Record<string, Call>> = {
  *var_get({ kernel, variablesOf }, address) {
    const variables = variablesOf(yield TURN);
    const value = variables.values.get(text(kernel, address));
    return value === undefined ? 0n : alloc(kernel, value.slice());
  },
  *var_set({ kernel, variablesOf }, name, value) {
    const key = text(kernel, name);
    const found = block(kernel, value);
    const variables = variablesOf(yield TURN);
    if (value === 0 || found === undefined) variables.values.delete(key);
    else variables.values.set(key, found.bytes.slice());
  },
};

/** A store of 64 bits, whose value is no number. */
const STORE_U64 = 'store_u64';

const created = ({ requestOf }: PresetWorld) => {
  const kernels = new PerCaller<Kernel>((caller) => {
    const { body, config } = requestOf(caller);
    return {
      blocks: new Map(),
      next: PART * (caller + 1),
      input: new TextEncoder().encode(body),
      config: { ...config },
    };
  });
  const shared = new PerCaller<Variables>(() => ({ values: new Map() }));
  return {
    functionOf(module: string, name: string, { params, results }: FunctionType) {
      if (!isKernel(module, name, { params, results })) return undefined;
      const context = (caller: number): Context => ({
        kernel: kernels.of(caller),
        variablesOf: (instance) => shared.of(Number(instance)),
      });
      const label = `${module}.${name}`;
      if (name === STORE_U64)
        return operating(label, function* ([address, value], caller) {
          store(kernels.of(caller), Number(address), 8, BigInt.asUintN(64, BigInt(value as bigint)));
        });
      const call = FUNCTIONS[name] ?? SHARED[name];
      return operating(label, function* (args, caller) {
        const result = yield* call(context(caller), ...args.map(Number));
        return typeof result === 'bigint' && results[0] === I32 ? Number(BigInt.asIntN(32, result)) : result;
      });
    },
    reset() {
      kernels.reset();
      shared.reset();
    },
    mark() {
      kernels.mark();
      shared.mark();
    },
  };
};

/** Functions of the kernel. */
const isKernel = (module: string, name: string, { params }: FunctionType): boolean =>
  module === KERNEL &&
  (name === STORE_U64
    ? params.length === 2
    : hasKernel(name) && (FUNCTIONS[name] ?? SHARED[name]).length - 1 <= params.length);

const hasKernel = (name: string): boolean => Object.hasOwn(FUNCTIONS, name) || Object.hasOwn(SHARED, name);

/** The preset. */
export const extismKernel: Preset = {
  id: 'extism',
  recognises: isKernel,
  shares: (module, name) => module === KERNEL && Object.hasOwn(SHARED, name),
  observes: true,
  without: message(
    'HTTP, functions of the embedder, and a lock around the plugin; each caller had input and blocks of its own',
  ),
  create: created,
};
