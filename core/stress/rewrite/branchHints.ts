/**
 * Hints that branches are seldom taken: engines then keep what the frequent path uses in registers, and save it on the
 * other one only. Engines that know no hints ignore them.
 * Source: https://github.com/WebAssembly/branch-hinting/blob/main/proposals/branch-hinting/Overview.md
 */
import { Encoder } from '../../wasm/encoder.ts';
import type { ValType } from '../../wasm/types.ts';
import { branchIf, ifThen } from './emit.ts';

const SECTION = 'metadata.code.branch_hint';
const SELDOM = 0;

/** Instructions of one function. */
export class Code extends Encoder {
  /** Positions of the branches, `if` and `br_if`, that are seldom taken; ascending. */
  readonly seldom: number[] = [];

  override clear(): void {
    super.clear();
    this.seldom.length = 0;
  }
}

/** `if` of a condition that is seldom true. */
export function ifSeldom(code: Code, result?: ValType): void {
  code.seldom.push(code.length);
  ifThen(code, result);
}

/** `br_if` of a condition that is seldom true. */
export function branchIfSeldom(code: Code, label: number): void {
  code.seldom.push(code.length);
  branchIf(code, label);
}

/** The hints of a module. */
export class BranchHints {
  private readonly functions: [func: number, offsets: readonly number[]][] = [];

  /** Adds those of a function; to be called in the order of functions. `offsets`: from the begin of its body. */
  add(func: number, offsets: readonly number[]): void {
    if (offsets.length > 0) this.functions.push([func, offsets]);
  }

  /** The contents of the custom section, which stands before the code; undefined where there are no hints. */
  section(): Encoder | undefined {
    if (this.functions.length === 0) return undefined;
    const e = new Encoder();
    e.name(SECTION);
    e.u32(this.functions.length);
    for (const [func, offsets] of this.functions) {
      e.u32(func);
      e.u32(offsets.length);
      for (const offset of offsets) {
        e.u32(offset);
        e.u32(1);
        e.u8(SELDOM);
      }
    }
    return e;
  }
}
