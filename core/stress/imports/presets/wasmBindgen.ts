// biome-ignore-all lint/correctness/useYield: many of these functions touch no memory
/**
 * What the glue of wasm-bindgen does for its own imports: values of JavaScript as handles of 32 bits or as references, text
 * that goes in and out, exceptions. Functions of the web are not part of it.
 * Source: crates/cli-support/src/js/mod.rs of wasm-bindgen.
 */

import { BINDGEN_MALLOC } from '../../../analysis/host/callbacks.ts';
import { bindgenOwnName, isBindgenImport } from '../../../analysis/host/wasmBindgen.ts';
import { message } from '../../../text/l10n.ts';
import { EXTERN, heapOf, I32, isRef, type ValType } from '../../../wasm/types.ts';
import type { FunctionType } from '../declaredEffects.ts';
import type { HostOperation, HostOperations } from '../hostFunction.ts';
import { operating, readText, unsignedArgument, writeWords } from '../hostOperations.ts';
import { PerCaller, type Preset } from './preset.ts';

/** Handles of a caller: a range of its own, so that they do not depend on the order of calls. */
const RANGE = 2 ** 20;
/** Values that every heap has, where versions of wasm-bindgen put them. */
const CONSTANTS: readonly unknown[] = [undefined, null, true, false];
const CONSTANTS_AT: readonly number[] = [32, 128, 1024];

interface Heap {
  objects: Map<number, unknown>;
  next: number;
}

/** What functions work on: arguments are values where the import takes a handle or a reference. */
interface Context {
  value(argument: unknown): unknown;
  drop(handle: unknown): void;
  malloc: string | undefined;
}

/** Answers a value; what the function returns is made of it by its type. */
type Call = (context: Context, ...args: unknown[]) => HostOperations;

const yes = (test: (value: unknown) => boolean): Call =>
  function* (context, object) {
    return test(context.value(object)) ? 1 : 0;
  };

/** Passes text to the guest: pointer and length at `at`. */
function* giveText(context: Context, at: unknown, text: string): Generator<HostOperation, undefined, unknown> {
  const bytes = new TextEncoder().encode(text);
  if (context.malloc === undefined) throw new Error('the module exports no __wbindgen_malloc to pass text with');
  const pointer = unsignedArgument(yield { do: 'call', export: context.malloc, args: [bytes.length, 1] });
  if (bytes.length > 0) yield { do: 'write', at: pointer, bytes };
  yield* writeWords(unsignedArgument(at), pointer, bytes.length);
  return undefined;
}

const newText: Call = function* (_context, at, length) {
  return yield* readText(unsignedArgument(at), unsignedArgument(length));
};

/** An object, where a result is a value: errors are told from other values. */
const newError: Call = function* (_context, at, length) {
  return new Error(yield* readText(unsignedArgument(at), unsignedArgument(length)));
};

/** Functions whose results are numbers. */
const PLAIN: Readonly<Record<string, Call>> = {
  *throw(_context, at, length) {
    throw new Error(yield* readText(unsignedArgument(at), unsignedArgument(length)));
  },
  *rethrow(context, object) {
    const value = context.value(object);
    throw value instanceof Error ? value : new Error(String(value));
  },
  *object_drop_ref(context, handle) {
    context.drop(handle);
  },
  *string_get(context, at, object) {
    const value = context.value(object);
    if (typeof value === 'string') return yield* giveText(context, at, value);
    return yield* writeWords(unsignedArgument(at), 0, 0);
  },
  *debug_string(context, at, object) {
    return yield* giveText(context, at, String(context.value(object)));
  },
  *number_get(context, at, object) {
    const value = context.value(object);
    const view = new DataView(new ArrayBuffer(16));
    view.setInt32(0, typeof value === 'number' ? 1 : 0, true);
    view.setFloat64(8, typeof value === 'number' ? value : 0, true);
    yield { do: 'write', at: unsignedArgument(at), bytes: new Uint8Array(view.buffer) };
  },
  *boolean_get(context, object) {
    const value = context.value(object);
    return typeof value === 'boolean' ? Number(value) : 2;
  },
  is_undefined: yes((value) => value === undefined),
  is_null: yes((value) => value === null),
  is_string: yes((value) => typeof value === 'string'),
  is_function: yes((value) => typeof value === 'function'),
  is_object: yes((value) => typeof value === 'object' && value !== null),
  is_falsy: yes((value) => !value),
};

/** Functions whose results are values of JavaScript. */
const VALUES: Readonly<Record<string, Call>> = {
  string_new: newText,
  error_new: newError,
  *number_new(_context, number) {
    return number;
  },
  *bigint_from_i64(_context, number) {
    return number;
  },
  *bigint_from_u64(_context, number) {
    return BigInt.asUintN(64, number as bigint);
  },
  *object_clone_ref(context, object) {
    return context.value(object);
  },
};

const EXTEND = 'init_externref_table';

const isValue = (type: ValType | undefined): boolean => type !== undefined && isRef(type) && heapOf(type) === EXTERN;

/** The preset. */
export const wasmBindgen: Preset = {
  id: 'wasm-bindgen',
  recognises: isBindgenImport,
  without: message('functions of JavaScript and of the web, which return zero'),
  create({ module }) {
    const heaps = new PerCaller<Heap>((caller) => ({ objects: new Map(), next: RANGE * (caller + 1) }));
    const functions = new Set(module.exports.filter(({ kind }) => kind === 'func').map(({ name }) => name));
    const table = module.exports.find(({ kind, index }) => kind === 'table' && isValue(module.tables[index].type));
    const owner = (handle: number): Heap => heaps.of(Math.max(0, Math.floor(handle / RANGE) - 1));
    const context: Context = {
      value(argument) {
        if (typeof argument !== 'number') return argument;
        const constants = CONSTANTS_AT.find((at) => argument >= at && argument < at + CONSTANTS.length);
        return constants === undefined ? owner(argument).objects.get(argument) : CONSTANTS[argument - constants];
      },
      drop: (handle) => void owner(Number(handle)).objects.delete(Number(handle)),
      malloc: BINDGEN_MALLOC.find((name) => functions.has(name)),
    };
    const given = (value: unknown, type: ValType | undefined, caller: number): unknown => {
      if (type !== I32) return value;
      const heap = heaps.of(caller);
      heap.objects.set(heap.next, value);
      return heap.next++;
    };
    return {
      functionOf(from: string, name: string, { results }: FunctionType) {
        const own = isBindgenImport(from, name) ? bindgenOwnName(name) : undefined;
        if (own === undefined) return undefined;
        const label = `${from}.${name}`;
        if (own === EXTEND && table !== undefined)
          return operating(label, function* (): Generator<HostOperation, void, unknown> {
            yield { do: 'extend', table: table.name, values: CONSTANTS };
          });
        if (Object.hasOwn(VALUES, own) && results.length === 1)
          return operating(label, function* (args, caller) {
            return given(yield* VALUES[own](context, ...args), results[0], caller);
          });
        return Object.hasOwn(PLAIN, own) ? operating(label, (args) => PLAIN[own](context, ...args)) : undefined;
      },
      reset: () => heaps.reset(),
      mark: () => heaps.mark(),
    };
  },
  calls: { exports: BINDGEN_MALLOC },
};
