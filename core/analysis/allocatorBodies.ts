/**
 * Allocators that have lost their names, recognised by the constants of their code: sizes of headers and bins, masks,
 * and the addresses of their state. Optimised builds of all compilers keep them, and no other function of the real
 * modules of the corpus has them all.
 * Sources: dlmalloc 2.8.6 (Emscripten, wasi-libc), the crate dlmalloc 0.2 (Rust), Emscripten's emmalloc.c.
 */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { nextInstruction } from '../wasm/immediates.ts';
import type { Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';
import { skipLocals } from '../wasm/skip.ts';
import { I32, type ValType } from '../wasm/types.ts';

/** What the body of a function looks like. */
interface Portrait {
  /** Most parameters, all i32; the first compilers may have removed. */
  params: number;
  /** Bytes of the body. */
  least: number;
  most: number;
  /** Bytes of an `i32.const` that is rare elsewhere: bodies without it are not decoded. */
  rare: readonly number[];
  /** Constants that all builds have, and of which each build has all of one list. */
  constants: readonly number[];
  variants?: readonly (readonly number[])[];
}

/** An allocator: the function that allocates returns an i32, the one that frees nothing. */
interface Library {
  allocates: Portrait;
  frees: Portrait;
}

const LIBRARIES: readonly Library[] = [
  {
    // Chunks are aligned to 8 bytes in Emscripten, to 16 in wasi-libc.
    allocates: {
      params: 1,
      least: 4000,
      most: 7000,
      // -65
      rare: [0x41, 0xbf, 0x7f],
      constants: [-65, -8, 16, 20, 25, 29, 31, 255, 0xff_ffff],
      variants: [
        [11, 244],
        [19, 236],
      ],
    },
    frees: {
      params: 1,
      least: 1200,
      most: 2500,
      // 0xffffff
      rare: [0x41, 0xff, 0xff, 0xff, 0x07],
      constants: [-8, -2, 16, 20, 25, 29, 31, 255, 0xff_ffff],
    },
  },
  {
    allocates: {
      params: 2,
      least: 3500,
      most: 7000,
      // 65583
      rare: [0x41, 0xaf, 0x80, 0x04],
      constants: [-8, 11, 31, 40, 245, 256, 4095, 65583],
    },
    frees: {
      params: 3,
      least: 600,
      most: 2500,
      // 4095
      rare: [0x41, 0xff, 0x1f],
      constants: [-8, -2, 256, 4095],
    },
  },
  {
    allocates: {
      params: 2,
      least: 400,
      most: 1000,
      // 110
      rare: [0x41, 0xee, 0x00],
      constants: [-57, -4, 8, 29, 30, 48, 63, 71, 99, 110, 127, 4095],
    },
    frees: {
      params: 1,
      least: 250,
      most: 800,
      // 110
      rare: [0x41, 0xee, 0x00],
      constants: [-4, -2, 29, 30, 63, 71, 110, 127, 4095],
    },
  },
];

/** Constants from here on may be addresses of an allocator's state; those of its algorithm are no more than that. */
const FIRST_ADDRESS = 1024;
/** Addresses that both functions of one allocator name, at least. */
const LEAST_COMMON = 2;
/** Bodies that are decoded, at most. */
const MAX_DECODED = 200;

/** Functions that allocate and free, by what their bodies are like; function indices. */
export interface BodyMatches {
  allocates: number[];
  frees: number[];
}

/** Looks at the bodies of all functions of fitting types and sizes. */
export function allocatorBodies(module: Module): BodyMatches {
  const found: BodyMatches = { allocates: [], frees: [] };
  const search = new Search(module);
  for (const library of LIBRARIES) {
    const allocates = search.matches(library.allocates, 1);
    if (allocates.length === 0) continue;
    found.allocates.push(...allocates.map(({ func }) => func));
    const state = new Set(allocates.flatMap(({ constants }) => addressesIn(constants)));
    const common = (constants: ReadonlySet<number>): number =>
      addressesIn(constants).filter((address) => state.has(address)).length;
    for (const { func, constants } of search.matches(library.frees, 0))
      if (common(constants) >= LEAST_COMMON) found.frees.push(func);
  }
  return found;
}

const KNOWN_CONSTANTS = new Set(
  LIBRARIES.flatMap(({ allocates, frees }) => [...allocates.constants, ...frees.constants]),
);

const addressesIn = (constants: ReadonlySet<number>): number[] =>
  [...constants].filter((value) => value >= FIRST_ADDRESS && !KNOWN_CONSTANTS.has(value));

class Search {
  private readonly module: Module;
  private decoded = 0;

  constructor(module: Module) {
    this.module = module;
  }

  /** The functions with this portrait, with the constants of their code. */
  matches(portrait: Portrait, results: number): { func: number; constants: ReadonlySet<number> }[] {
    const { functions, bytes } = this.module;
    const { bodyStart, bodyEnd, imported, typeIndex } = functions;
    const types = this.module.types.map(({ composite: type }) =>
      type.kind === 'func' ? fits(type.params, portrait.params, 1) && fits(type.results, results, results) : false,
    );
    const found = [];
    for (let d = 0; d < bodyStart.length; d++) {
      const size = bodyEnd[d] - bodyStart[d];
      if (size < portrait.least || size > portrait.most || !types[typeIndex[d + imported]]) continue;
      if (!hasSequence(bytes, bodyStart[d], bodyEnd[d], portrait.rare)) continue;
      if (++this.decoded > MAX_DECODED) break;
      const constants = constantsOf(bytes, bodyStart[d], bodyEnd[d]);
      if (matchesConstants(portrait, constants)) found.push({ func: d + imported, constants });
    }
    return found;
  }
}

const fits = (types: readonly ValType[], most: number, least: number): boolean =>
  types.length >= least && types.length <= most && types.every((type) => type === I32);

const matchesConstants = ({ constants, variants }: Portrait, found: ReadonlySet<number>): boolean =>
  constants.every((value) => found.has(value)) &&
  (variants === undefined || variants.some((list) => list.every((value) => found.has(value))));

function hasSequence(bytes: Uint8Array, start: number, end: number, sequence: readonly number[]): boolean {
  const [first, second] = sequence;
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] !== second || bytes[at - 1] !== first) continue;
    let k = 2;
    while (k < sequence.length && bytes[at - 1 + k] === sequence[k]) k++;
    if (k === sequence.length) return true;
  }
  return false;
}

/** The `i32.const` of a body; none if it cannot be read. */
function constantsOf(bytes: Uint8Array, start: number, end: number): Set<number> {
  const found = new Set<number>();
  const c = new Cursor(bytes, start, end);
  try {
    skipLocals(c);
    while (c.pos < end) {
      const { id, values } = nextInstruction(c);
      if (id === Op.i32_const) found.add(values[0]);
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    return new Set();
  }
  return found;
}
