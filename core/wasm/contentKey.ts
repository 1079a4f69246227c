/** Tells whether two contents are the same, without keeping them. */
import { withoutOuterNames } from './outerNames/section.ts';

const known = new WeakMap<Uint8Array, string>();

/**
 * A key that equal contents share and that others, for all practical purposes, do not: length and 64 bits of hash. It
 * guards against showing what is out of date, not against somebody who wants two contents to collide. Names that were
 * found beside the file are no part of it. Cached, so the bytes must not change.
 */
export function contentKey(all: Uint8Array): string {
  const old = known.get(all);
  if (old !== undefined) return old;
  const bytes = withoutOuterNames(all);
  // Two lanes of the kind of FNV-1a, with odd multipliers that differ.
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let at = 0; at < bytes.length; at++) {
    a = Math.imul(a ^ bytes[at], 0x01000193);
    b = Math.imul(b ^ bytes[at], 0x85ebca6b);
    b ^= b >>> 13;
  }
  const key = `${bytes.length.toString(16)}-${(a >>> 0).toString(16)}-${(b >>> 0).toString(16)}`;
  known.set(all, key);
  return key;
}
