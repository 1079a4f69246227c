/**
 * Carries names that were found beside a module in its bytes: a custom section after all others, so that every offset
 * stays. Whoever decodes the bytes has the names, in any thread, without a second way for them.
 */
import { Cursor, DecodeFailure, decodeLossy } from '../cursor.ts';
import { Encoder } from '../encoder.ts';
import { hasNames, NO_OUTER_NAMES, type OuterNames } from './model.ts';

/** Name of the section. */
export const OUTER_NAMES_SECTION = 'wasm-hazards.names';

/** As written: a JSON object; maps are lists of pairs. */
type Written = { [key in 'exports' | 'imports' | 'functions']?: unknown } & { constructors?: unknown };

/** The module with its names; the same bytes where there are none, or where its sections do not end with the file. */
export function withOuterNames(bytes: Uint8Array, names: OuterNames): Uint8Array {
  if (!hasNames(names) || ownLength(bytes) !== bytes.length) return bytes;
  const { exports, imports, functions, constructors } = names;
  const text = JSON.stringify({
    exports: [...exports],
    imports: [...imports],
    functions: [...functions],
    constructors,
  });
  const body = new Encoder();
  body.name(OUTER_NAMES_SECTION);
  body.copy(new TextEncoder().encode(text));
  const section = new Encoder();
  section.section(0, body);
  const appended = section.bytes();
  const all = new Uint8Array(bytes.length + appended.length);
  all.set(bytes);
  all.set(appended, bytes.length);
  return all;
}

/** The bytes of the file itself. */
export function withoutOuterNames(bytes: Uint8Array): Uint8Array {
  const length = ownLength(bytes);
  return length === undefined || length === bytes.length ? bytes : bytes.subarray(0, length);
}

/** Where the sections of the file end, or where its names begin; undefined where they do not end with it. */
function ownLength(bytes: Uint8Array): number | undefined {
  const c = new Cursor(bytes, 8, bytes.length);
  try {
    while (!c.atEnd()) {
      const start = c.pos;
      const id = c.u8();
      const end = c.u32() + c.pos;
      if (id === 0 && end === bytes.length && nameOf(bytes, c.pos, end) === OUTER_NAMES_SECTION) return start;
      c.skip(end - c.pos);
    }
    return bytes.length < 8 ? undefined : bytes.length;
  } catch (error) {
    if (error instanceof DecodeFailure) return undefined;
    throw error;
  }
}

function nameOf(bytes: Uint8Array, start: number, end: number): string {
  const c = new Cursor(bytes, start, end);
  const size = c.u32();
  return size === OUTER_NAMES_SECTION.length && size <= end - c.pos
    ? decodeLossy(bytes.slice(c.pos, c.pos + size))
    : '';
}

/** The names in the contents of the section; what does not have the form of names is left out. */
export function readOuterNames(contents: Uint8Array): OuterNames {
  let written: Written;
  try {
    written = JSON.parse(decodeLossy(contents.slice())) as Written;
  } catch {
    // Somebody else's section of this name.
    return NO_OUTER_NAMES;
  }
  if (typeof written !== 'object' || written === null) return NO_OUTER_NAMES;
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  return {
    exports: pairs(written.exports, isText),
    imports: pairs(written.imports, isText),
    functions: pairs(written.functions, (key): key is number => Number.isInteger(key)),
    constructors: isText(written.constructors) ? written.constructors : undefined,
  };
}

function pairs<Key>(list: unknown, isKey: (value: unknown) => value is Key): Map<Key, string> {
  const map = new Map<Key, string>();
  if (!Array.isArray(list)) return map;
  for (const pair of list as unknown[]) {
    if (!Array.isArray(pair)) continue;
    const [key, value] = pair as unknown[];
    if (isKey(key) && typeof value === 'string' && value !== '') map.set(key, value);
  }
  return map;
}
