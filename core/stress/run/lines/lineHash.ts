/** Hashes and comparisons of lines whose bytes are in vectors: the instructions, for lineCode.ts. */
import type { Encoder } from '../../../wasm/encoder.ts';
import { Op } from '../../../wasm/ops.ts';
import { LINE_BYTES } from '../../instrument/hooks.ts';
import { i32Const, idOf, localGet, localTee, opcode } from '../../rewrite/emit.ts';

/** Vectors of a line. */
export const VECTORS = LINE_BYTES / 16;
const I32X4_SPLAT = idOf('i32x4.splat');
const I32X4_ADD = idOf('i32x4.add');
const I32X4_MUL = idOf('i32x4.mul');
const I32X4_SHR = idOf('i32x4.shr_u');
const SHUFFLE = idOf('i8x16.shuffle');
const XOR = idOf('v128.xor');
const OR = idOf('v128.or');
const ANY_TRUE = idOf('v128.any_true');

/** Multipliers are odd; a lane has its own, so that words that change places change the hash. */
const SEED = [0x85ebca6b, 0x2545f491, 0xe6546b64, 0x38b34ae5];
const ROUND = [0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1];
const LAST = [0x9e3779b1, 0xcc9e2d51, 0x1b873593, 0xc4ceb9fd];
const LINE_FACTOR = 0x9e3779b1;
const SHIFT = 15;

function vector(e: Encoder, lanes: readonly number[]): void {
  opcode(e, Op.v128_const);
  for (const lane of lanes) for (let i = 0; i < 4; i++) e.u8((lane >>> (8 * i)) & 0xff);
}

/** Takes a vector; `v = v * factors; v = v ^ (v >>> SHIFT)`, which stays on the stack. `v`: a local. */
function mix(e: Encoder, factors: readonly number[], v: number): void {
  vector(e, factors);
  opcode(e, I32X4_MUL);
  localTee(e, v);
  localGet(e, v);
  i32Const(e, SHIFT);
  opcode(e, I32X4_SHR);
  opcode(e, XOR);
}

/** Takes a sum; adds the hash of line `line`, whose vectors are locals from `first` on: four chains, of a word of each. */
export function addHash(e: Encoder, line: number, first: number, v: number): void {
  localGet(e, line);
  i32Const(e, LINE_FACTOR);
  e.u8(Op.i32_mul);
  opcode(e, I32X4_SPLAT);
  vector(e, SEED);
  opcode(e, XOR);
  for (let i = 0; i < VECTORS; i++) {
    localGet(e, first + i);
    opcode(e, XOR);
    mix(e, ROUND, v);
  }
  // Each word counts in two lanes.
  localTee(e, v);
  localGet(e, v);
  localGet(e, v);
  opcode(e, SHUFFLE);
  for (let i = 0; i < 16; i++) e.u8((i + 4) % 16);
  opcode(e, XOR);
  mix(e, LAST, v);
  opcode(e, I32X4_ADD);
}

/** Pushes whether vectors that are locals from `first` on differ from others, which `push` pushes one by one. */
export function linesDiffer(e: Encoder, first: number, push: (i: number) => void): void {
  for (let i = 0; i < VECTORS; i++) {
    localGet(e, first + i);
    push(i);
    opcode(e, XOR);
    if (i > 0) opcode(e, OR);
  }
  opcode(e, ANY_TRUE);
}
