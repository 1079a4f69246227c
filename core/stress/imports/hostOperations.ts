/**
 * What an imported function does, operation by operation: explored, each access is one of the calling caller, and other
 * callers can run between them; elsewhere they happen one right after the other.
 */
import type { HostFunction, HostMemory, HostOperation, HostOperations } from './hostFunction.ts';

/** What operations need of an instance where no engine explores them. */
export interface HostGuest extends HostMemory {
  grow?(pages: number): number;
  table?(
    name: string,
  ): { length: number; grow(count: number): number; set(index: number, value: unknown): void } | undefined;
}

/** Why a pointer is no address. */
const outside = (access: 'read' | 'write', at: number, length: number, bytes: number): string =>
  `the host ${access === 'read' ? 'reads' : 'writes'} [${at}, ${at + length}), but the memory has ${bytes} bytes`;

/** A function that is made of operations. */
export function operating(
  name: string,
  operations: (args: readonly unknown[], caller: number) => HostOperations,
): HostFunction {
  return {
    name,
    state: 'none',
    ranges: () => [],
    operations,
    call: (args, memory, caller) => atOnce(operations(args, caller), memory),
  };
}

/** Performs operations one right after the other. @throws Error where one is not possible */
function atOnce(operations: HostOperations, guest: HostGuest): unknown {
  let step = operations.next();
  while (step.done !== true) {
    let answer: unknown;
    try {
      answer = performed(step.value, guest);
    } catch (error) {
      step = operations.throw(error);
      continue;
    }
    step = operations.next(answer);
  }
  return step.value;
}

function performed(operation: HostOperation, guest: HostGuest): unknown {
  switch (operation.do) {
    case 'read': {
      const { at, length } = operation;
      const bytes = new Uint8Array(guest.buffer());
      if (at + length > bytes.length) throw new Error(outside('read', at, length, bytes.length));
      return bytes.slice(at, at + length);
    }
    case 'write': {
      const { at, bytes: content } = operation;
      const bytes = new Uint8Array(guest.buffer());
      if (at + content.length > bytes.length) throw new Error(outside('write', at, content.length, bytes.length));
      bytes.set(content, at);
      return undefined;
    }
    case 'call': {
      const run = guest.exported?.(operation.export);
      if (run === undefined) throw new Error(`it calls the export ${operation.export}, which is not possible here`);
      return run(...operation.args);
    }
    case 'invoke': {
      const run = guest.slot?.(operation.slot);
      if (run === undefined) throw new Error(`it calls through the table, which is not possible here`);
      return run(...operation.args);
    }
    case 'grow':
      return guest.grow?.(operation.pages) ?? -1;
    case 'size':
      return guest.buffer().byteLength >>> 16;
    case 'extend': {
      const table = guest.table?.(operation.table);
      if (table === undefined) throw new Error(`it extends the table ${operation.table}, which is not possible here`);
      const first = table.grow(operation.values.length);
      operation.values.forEach((value, i) => void table.set(first + i, value));
      return first;
    }
    case 'turn':
      return 0;
    case 'interrupt':
    case 'observe':
      return undefined;
  }
}

/** An argument of type i32 as address or length. */
export const unsignedArgument = (value: unknown): number =>
  typeof value === 'bigint' ? Number(BigInt.asUintN(64, value)) : Number(value) >>> 0;

/** Reads bytes. */
export function* readBytes(at: number, length: number): Generator<HostOperation, Uint8Array, unknown> {
  return (yield { do: 'read', at, length }) as Uint8Array;
}

/** Reads text; what is no UTF-8 becomes replacement characters. */
export function* readText(at: number, length: number): Generator<HostOperation, string, unknown> {
  return new TextDecoder().decode(yield* readBytes(at, length));
}

/** Writes numbers of 32 bits one behind the other. */
export function* writeWords(at: number, ...values: number[]): Generator<HostOperation, void, unknown> {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => void view.setUint32(i * 4, value, true));
  yield { do: 'write', at, bytes: new Uint8Array(view.buffer) };
}

/** Most bytes of a text that ends with a zero byte. */
const MAX_TEXT = 4096;
const CHUNK = 64;

/** Reads text up to its final zero byte. */
export function* readTerminated(at: number): Generator<HostOperation, string, unknown> {
  const end = ((yield { do: 'size' }) as number) * 65_536;
  const parts: number[] = [];
  for (let from = at; from < Math.min(end, at + MAX_TEXT); from += CHUNK) {
    const bytes = yield* readBytes(from, Math.min(CHUNK, end - from));
    const zero = bytes.indexOf(0);
    parts.push(...(zero < 0 ? bytes : bytes.subarray(0, zero)));
    if (zero >= 0) break;
  }
  return new TextDecoder().decode(Uint8Array.from(parts));
}
