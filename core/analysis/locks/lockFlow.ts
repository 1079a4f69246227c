/** Where the ways of a body lead that hold different locks: blocks, loops and labels, and the states that arrive there. */
import { DecodeFailure } from '../../wasm/cursor.ts';
import { copyOf, join, lockSignature, type State } from './lockState.ts';
import { FIRST_JOIN } from './lockSummary.ts';

/** Ways that hold different locks at one place. */
export const MAX_STATES = 10;

interface Block {
  loop: boolean;
  /** Offset of the instruction that begins it. */
  at: number;
  height: number;
  parameters: number;
  results: number;
  out: State[];
  /** Before an `if`, for its other arm. */
  other: State[] | undefined;
}

/** The open blocks of one pass through a body, and what is known from all passes about the starts of its loops. */
export class LockFlow {
  /** States at the start of each loop. */
  readonly #heads = new Map<number, Map<string, State>>();
  readonly #numbers = new Map<string, number>();
  /** Something new was learned about a loop in this pass. */
  #again = false;
  #blocks: Block[] = [];
  /** Offset of the body. */
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  /** A new pass, outside of all blocks. */
  begin(): void {
    this.#again = false;
    this.#blocks = [];
  }

  /** Whether another pass is needed. */
  get again(): boolean {
    return this.#again;
  }

  /** Number of open blocks. */
  get depth(): number {
    return this.#blocks.length;
  }

  /** A block begins; `other`: the states of the other arm of an `if`. */
  push(now: readonly State[], loop: boolean, at: number, parameters: number, results: number, other?: State[]): void {
    const height = (now[0] ?? other?.[0])?.stack.length ?? 0;
    this.#blocks.push({ loop, at, height: height - parameters, parameters, results, out: [], other });
  }

  /** The `else` of the innermost block: the states of its other arm. */
  otherArm(now: State[], at: number): State[] {
    const own = this.#innermost(at);
    this.#carry(own, now, own.results, own.out);
    const { other = [] } = own;
    own.other = undefined;
    return other;
  }

  /** The end of the innermost block: the states behind it. */
  end(now: State[], at: number): State[] {
    const own = this.#innermost(at);
    this.#carry(own, now, own.results, own.out);
    if (own.other !== undefined) this.#carry(own, own.other, own.results, own.out);
    this.#blocks.pop();
    return this.merge(own.out, at);
  }

  #innermost(at: number): Block {
    const own = this.#blocks.at(-1);
    if (own === undefined) throw new DecodeFailure(at, 'not followed');
    return own;
  }

  /** The start of a loop, which is the innermost block: all states that were ever there. */
  loop(at: number, now: readonly State[]): State[] {
    this.#enter(at, now);
    return [...(this.#heads.get(at)?.values() ?? [])].map(copyOf);
  }

  /** Adds states to the start of a loop. */
  #enter(at: number, states: readonly State[]): void {
    const heads = this.#heads.get(at) ?? new Map<string, State>();
    this.#heads.set(at, heads);
    for (const state of states) {
      const key = lockSignature(state);
      const known = heads.get(key);
      if (known === undefined) {
        heads.set(key, copyOf(state));
        this.#again = true;
        continue;
      }
      const both = join(known, state, (place) => this.#numberAt(at, place));
      if (!both.changed) continue;
      heads.set(key, both.state);
      this.#again = true;
    }
    if (heads.size > MAX_STATES) throw new DecodeFailure(at, 'too many ways');
  }

  #numberAt(at: number, place: number): number {
    const key = `${at} ${place}`;
    const known = this.#numbers.get(key) ?? FIRST_JOIN + this.#numbers.size;
    this.#numbers.set(key, known);
    return known;
  }

  /** States that know the same about locks become one. */
  merge(states: readonly State[], at: number): State[] {
    if (states.length < 2) return [...states];
    const merged = new Map<string, State>();
    for (const state of states) {
      const key = lockSignature(state);
      const known = merged.get(key);
      merged.set(key, known === undefined ? state : join(known, state, (place) => this.#numberAt(at, place)).state);
    }
    return [...merged.values()];
  }

  /** Goes to a label. */
  leave(label: number, states: readonly State[]): void {
    const target = this.#blocks[this.#blocks.length - 1 - label];
    if (target === undefined) throw new DecodeFailure(this.#start, 'unknown label');
    if (!target.loop) {
      this.#carry(target, states, target.results, target.out);
      return;
    }
    const arrived: State[] = [];
    this.#carry(target, states, target.parameters, arrived);
    this.#enter(target.at, arrived);
  }

  /** The states with the operands that a label takes. They are not used any more where they come from. */
  #carry({ height }: Block, states: readonly State[], values: number, into: State[]): void {
    for (const state of states) {
      const { stack } = state;
      const from = Math.max(stack.length - values, 0);
      const to = Math.max(height, 0);
      if (from > to) stack.copyWithin(to, from);
      stack.length = Math.min(stack.length, to + values);
      into.push(state);
    }
  }
}
