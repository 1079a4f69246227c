/** Smaller versions of a module, most of them well-formed: without sections, functions' code, items or bytes. */
import { Cursor } from '../../../core/wasm/cursor.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { Encoder } from '../../../core/wasm/encoder.ts';
import { readInstruction } from '../../../core/wasm/immediates.ts';
import type { Module, Section } from '../../../core/wasm/module.ts';
import { joined, spliced } from '../bytes.ts';
import { stretches } from '../minimise.ts';

/** A function's code without its locals: `unreachable`, which is valid whatever the type. */
const TRAP = Uint8Array.of(0, 0x00, 0x0b);

/** Longest file of which single bytes are removed. */
const MOST_BYTES = 600;

/** Candidates, the smallest first in each group. */
export function* smallerModules(bytes: Uint8Array): Iterable<Uint8Array> {
  const module = decodeModule(bytes);
  const parts = module.sections.map(({ offset, end }) => bytes.subarray(offset, end));
  const header = bytes.subarray(0, 8);
  for (const [from, to] of stretches(parts.length)) {
    yield joined([header, ...parts.slice(0, from), ...parts.slice(to)]);
  }
  for (const section of module.sections) {
    if (section.id === 10) yield* smallerCode(module, section);
    else if ([7, 9, 11].includes(section.id)) yield* fewerItems(module, section);
  }
  if (bytes.length > MOST_BYTES) return;
  for (const [from, to] of stretches(bytes.length - 8)) yield spliced(bytes, from + 8, to + 8, new Uint8Array());
}

/** The module with other contents of a section. */
function withContents({ bytes }: Module, { id, offset, end }: Section, contents: Uint8Array): Uint8Array {
  const out = new Encoder(contents.length + 8);
  out.u8(id);
  out.u32(contents.length);
  out.copy(contents);
  return spliced(bytes, offset, end, out.bytes());
}

/** Bodies replaced by a trap, then instructions left out of them. */
function* smallerCode(module: Module, section: Section): Iterable<Uint8Array> {
  const bodies = bodiesIn(module.bytes, section);
  const withBodies = (changed: readonly Uint8Array[]): Uint8Array => {
    const out = new Encoder(module.bytes.length);
    out.u32(changed.length);
    for (const body of changed) {
      out.u32(body.length);
      out.copy(body);
    }
    return withContents(module, section, out.bytes());
  };
  for (const [from, to] of stretches(bodies.length)) {
    yield withBodies([...bodies.slice(0, from), ...bodies.slice(to)]);
    yield withBodies(bodies.map((body, i) => (i >= from && i < to ? TRAP : body)));
  }
  for (const [i, body] of bodies.entries()) {
    if (body.length <= TRAP.length) continue;
    const ends = instructionEnds(body);
    for (const [from, to] of stretches(ends.length - 2)) {
      yield withBodies(bodies.with(i, spliced(body, ends[from], ends[to], new Uint8Array())));
    }
  }
}

/** The bodies of a code section, also where no function is declared for them; none if it cannot be read. */
function bodiesIn(bytes: Uint8Array, { start, end }: Section): Uint8Array[] {
  const cursor = new Cursor(bytes, start, end);
  const bodies: Uint8Array[] = [];
  try {
    for (let left = cursor.u32(); left > 0; left--) {
      const size = cursor.u32();
      bodies.push(bytes.subarray(cursor.pos, Math.min(end, cursor.pos + size)));
      cursor.pos += size;
    }
  } catch {
    // What was read so far may be enough.
  }
  return bodies;
}

/** Where instructions begin, the first one first, and where the last one ends. */
function instructionEnds(body: Uint8Array): number[] {
  const cursor = new Cursor(body, 0, body.length);
  const ends: number[] = [];
  try {
    for (let groups = cursor.u32(); groups > 0; groups--) {
      cursor.u32();
      const byte = cursor.u8();
      if (byte === 0x63 || byte === 0x64) cursor.s33();
    }
  } catch {
    // Locals that cannot be read: there is nothing to leave out.
    return [0];
  }
  for (let at = cursor.pos; at < body.length; ) {
    ends.push(at);
    const instruction = readInstruction(body, at, body.length);
    if ('message' in instruction) break;
    at = instruction.end;
  }
  return [...ends, body.length];
}

/** Exports and segments left out. */
function* fewerItems(module: Module, section: Section): Iterable<Uint8Array> {
  const { exports, elements, data } = module;
  const items: readonly { offset: number }[] = { 7: exports, 9: elements, 11: data }[section.id as 7 | 9 | 11];
  const slices = items.map(({ offset }, i) => module.bytes.subarray(offset, items[i + 1]?.offset ?? section.end));
  for (const [from, to] of stretches(slices.length)) {
    const kept = [...slices.slice(0, from), ...slices.slice(to)];
    const out = new Encoder(64);
    out.u32(kept.length);
    yield withContents(module, section, joined([out.bytes(), ...kept]));
  }
}
