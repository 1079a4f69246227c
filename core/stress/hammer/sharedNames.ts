/** Named results of the setup, which one thread finds and all callers know, in memory that threads share. */
import { numberText } from '../run/resultTexts.ts';
import type { Value } from '../scenario/expression.ts';

/** Most bytes of all names and values. */
const MAX_BYTES = 1 << 16;
const LENGTH_BYTES = 4;

/** The memory of the names, zero. */
export const namesBuffer = (): SharedArrayBuffer => new SharedArrayBuffer(LENGTH_BYTES + MAX_BYTES);

/** What plain JSON has no form for is a text with its kind before it. */
const written = (value: Value): string | null =>
  value === null
    ? null
    : typeof value === 'bigint'
      ? `i${value}`
      : typeof value === 'number'
        ? `f${numberText(value)}`
        : `t${value}`;

function read(text: string | null): Value {
  if (text === null) return null;
  const value = text.slice(1);
  if (text.startsWith('i')) return BigInt(value);
  if (text.startsWith('t')) return value;
  return value === 'nan'
    ? Number.NaN
    : value.endsWith('inf')
      ? Number(value.replace('inf', 'Infinity'))
      : Number(value);
}

/** Stores names for all threads; false if they are too long. */
export function storeNames(buffer: SharedArrayBuffer, names: ReadonlyMap<string, Value>): boolean {
  const text = JSON.stringify([...names].map(([name, value]) => [name, written(value)]));
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MAX_BYTES) return false;
  new Uint8Array(buffer).set(bytes, LENGTH_BYTES);
  Atomics.store(new Int32Array(buffer, 0, 1), 0, bytes.length);
  return true;
}

/** The names that were stored; none where nothing was. */
export function storedNames(buffer: SharedArrayBuffer): Map<string, Value> {
  const length = Atomics.load(new Int32Array(buffer, 0, 1), 0);
  if (length === 0) return new Map();
  const text = new TextDecoder().decode(new Uint8Array(buffer).slice(LENGTH_BYTES, LENGTH_BYTES + length));
  return new Map((JSON.parse(text) as [string, string | null][]).map(([name, value]) => [name, read(value)]));
}
