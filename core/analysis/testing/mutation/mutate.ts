/** Reproducible mutants of a module: the same seed and number give the same bytes. */
import { type Random, random } from '../../../testing/random.ts';

type Mutation = (bytes: Uint8Array, next: Random) => Uint8Array;

const GIANTS = [
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0x80, 0x80, 0x80, 0x80, 0x08],
  [0xff, 0xff, 0x03],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  // Padded zero, legal where five bytes are.
  [0x80, 0x80, 0x80, 0x80, 0x00],
];

const splice = (bytes: Uint8Array, at: number, remove: number, insert: ArrayLike<number>): Uint8Array => {
  const result = new Uint8Array(bytes.length - remove + insert.length);
  result.set(bytes.subarray(0, at));
  result.set(insert, at);
  result.set(bytes.subarray(at + remove), at + insert.length);
  return result;
};

const flipBits: Mutation = (bytes, next) => {
  const result = bytes.slice();
  for (let left = 1 + next(4); left > 0; left--) result[8 + next(bytes.length - 8)] ^= 1 << next(8);
  return result;
};

const setByte: Mutation = (bytes, next) => {
  const result = bytes.slice();
  result[next(bytes.length)] = [0, 0x0b, 0x40, 0x7f, 0x80, 0xff, 0xfb, 0xfc, 0xfd, 0xfe][next(10)];
  return result;
};

const truncate: Mutation = (bytes, next) => bytes.slice(0, next(bytes.length));

/** Inserts a giant number, or replaces some bytes by one. */
const giant: Mutation = (bytes, next) => {
  const leb = GIANTS[next(GIANTS.length)];
  const at = 8 + next(bytes.length - 8);
  return splice(bytes, at, next(2) === 0 ? 1 : Math.min(leb.length, bytes.length - at), leb);
};

const cut: Mutation = (bytes, next) => {
  const at = 8 + next(bytes.length - 8);
  return splice(bytes, at, Math.min(1 + next(4), bytes.length - at), []);
};

const repeat: Mutation = (bytes, next) => {
  const at = 8 + next(bytes.length - 8);
  return splice(bytes, at, 0, bytes.slice(at, at + 1 + next(16)));
};

/** Offsets of the sections of a well-formed module, the file's end last. */
function sectionOffsets(bytes: Uint8Array): number[] {
  const offsets: number[] = [];
  let at = 8;
  while (at < bytes.length) {
    offsets.push(at++);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    at += size;
  }
  return [...offsets, bytes.length];
}

/** Sections exchanged, repeated or removed. */
const sections: Mutation = (bytes, next) => {
  const offsets = sectionOffsets(bytes);
  const parts = offsets.slice(1).map((end, i) => bytes.subarray(offsets[i], end));
  if (parts.length === 0) return bytes.slice();
  const a = next(parts.length);
  const b = next(parts.length);
  const what = next(3);
  if (what === 0) [parts[a], parts[b]] = [parts[b], parts[a]];
  else if (what === 1) parts.splice(b, 0, parts[a]);
  else parts.splice(a, 1);
  return Uint8Array.from([...bytes.subarray(0, 8), ...parts.flatMap((part) => [...part])]);
};

/** Makes the size of a section one too small or too large and keeps its contents. */
const wrongSize: Mutation = (bytes, next) => {
  const offsets = sectionOffsets(bytes);
  const result = bytes.slice();
  if (offsets.length > 1) result[offsets[next(offsets.length - 1)] + 1] += next(2) === 0 ? 1 : -1;
  return result;
};

const MUTATIONS: readonly [string, Mutation][] = [
  ['flipBits', flipBits],
  ['flipBits', flipBits],
  ['flipBits', flipBits],
  ['setByte', setByte],
  ['setByte', setByte],
  ['giant', giant],
  ['giant', giant],
  ['truncate', truncate],
  ['cut', cut],
  ['repeat', repeat],
  ['sections', sections],
  ['wrongSize', wrongSize],
];

/** A mutant and the name of its mutation. */
export interface Mutant {
  mutation: string;
  bytes: Uint8Array;
}

/** Mutant number `index` of `bytes`; every eighth one is mutated a second time. */
export function mutant(bytes: Uint8Array, seed: number, index: number): Mutant {
  const next = random(Math.imul(seed, 0x9e3779b1) + index);
  const [mutation, mutate] = MUTATIONS[next(MUTATIONS.length)];
  const once = mutate(bytes, next);
  return index % 8 === 7 && once.length > 16
    ? { mutation: `${mutation}+flipBits`, bytes: flipBits(once, next) }
    : { mutation, bytes: once };
}
