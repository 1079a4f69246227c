/** Bytes of host accesses: from what a step says, and as text of an outcome. */
import { evaluation, integer, type Load } from './evaluation.ts';
import { type NumberType, parseExpression, type Value, widthOfNumber } from './expression.ts';
import { type ContentKey, contentOf, defaultType, type ReadStep, type WriteStep } from './steps.ts';

/** Bytes that are shown of a longer content. */
const SHOWN_BYTES = 256;
/** Characters of text that are shown of a longer one: its beginning. */
const SHOWN_TEXT = 200;

/** The value of a name; undefined if it has none. */
type Names = (name: string) => Value | undefined;

/** Something that follows from named results and memory: gives each number that has to be read. @throws ExpressionError */
export type Evaluated<T> = (names: Names) => Generator<Load, T, Value>;

/** A number, or an expression that was checked, to be evaluated again and again. */
export function evaluated(text: number | string): Evaluated<Value> {
  const parsed =
    typeof text === 'number'
      ? ({ kind: 'value', value: Number.isInteger(text) ? BigInt(text) : text } as const)
      : parseExpression(text);
  if ('message' in parsed) throw new Error(parsed.message);
  return (names) => evaluation(parsed, names);
}

/** The bytes that a step writes. */
export function bytesOf(step: WriteStep): Evaluated<Uint8Array> {
  const { key, value } = contentOf(step) ?? { key: 'hex', value: '' };
  const fixed = fixedBytes(key, value);
  const number = fixed === undefined ? evaluated(value) : undefined;
  return function* (names) {
    return fixed ?? numberBytes(key as NumberType, number === undefined ? 0n : yield* number(names));
  };
}

/** Bytes of a content that is no number; undefined for numbers. */
export function fixedBytes(key: ContentKey, value: number | string): Uint8Array | undefined {
  switch (key) {
    case 'utf8':
      return new TextEncoder().encode(String(value));
    case 'hex':
      return fromHex(String(value));
    case 'base64':
      return fromBase64(String(value));
    default:
      return undefined;
  }
}

function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function fromBase64(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let bits = 0;
  let have = 0;
  let at = 0;
  for (const digit of digits) {
    bits = ((bits << 6) | BASE64.indexOf(digit)) & 0xffff;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes[at++] = bits >> have;
  }
  return bytes;
}

/** A number in little-endian order; integers wrap. */
export function numberBytes(type: NumberType, value: Value): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  if (type === 'f32') view.setFloat32(0, Number(value), true);
  else if (type === 'f64') view.setFloat64(0, Number(value), true);
  else view.setBigUint64(0, BigInt.asUintN(64, integer(value)), true);
  return new Uint8Array(view.buffer, 0, widthOfNumber(type));
}

/** A number from its bytes in little-endian order. */
export function numberFrom(type: NumberType, bytes: Uint8Array): Value {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case 'i8':
      return BigInt(view.getInt8(0));
    case 'u8':
      return BigInt(view.getUint8(0));
    case 'i16':
      return BigInt(view.getInt16(0, true));
    case 'u16':
      return BigInt(view.getUint16(0, true));
    case 'i32':
      return BigInt(view.getInt32(0, true));
    case 'u32':
      return BigInt(view.getUint32(0, true));
    case 'i64':
      return view.getBigInt64(0, true);
    case 'u64':
      return view.getBigUint64(0, true);
    case 'f32':
      return view.getFloat32(0, true);
    case 'f64':
      return view.getFloat64(0, true);
  }
}

/** What a read of text or bytes found, as a value and as text of an outcome; equal texts are equal contents. */
export function contentFrom(step: ReadStep, bytes: Uint8Array): { value: Value; text: string } {
  if ((step.type ?? defaultType(step)) === 'bytes') {
    const text = `0x${hexText(bytes)}`;
    return { value: text, text };
  }
  try {
    const value = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { value, text: value.length <= SHOWN_BYTES ? JSON.stringify(value) : beginningOf(value, bytes) };
  } catch {
    const text = `not UTF-8: 0x${hexText(bytes)}`;
    return { value: text, text };
  }
}

/** The beginning of a long text, and what tells it from others. */
function beginningOf(text: string, bytes: Uint8Array): string {
  // Not half a character.
  const shown = text.slice(0, SHOWN_TEXT).replace(/[\ud800-\udbff]$/, '');
  return `${JSON.stringify(shown)}... (${bytes.length} bytes, hash ${hashOf(bytes)})`;
}

function hexText(bytes: Uint8Array): string {
  const digits = (some: Uint8Array) => [...some].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (bytes.length <= SHOWN_BYTES) return digits(bytes);
  return `${digits(bytes.subarray(0, 32))}... (${bytes.length} bytes, hash ${hashOf(bytes)})`;
}

/** FNV-1a in 64 bits. */
function hashOf(bytes: Uint8Array): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16);
}
