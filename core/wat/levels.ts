/**
 * The open parentheses of a function body, as parallel arrays: nesting of any depth needs no
 * recursion and no object a level.
 */

/** What closing the parenthesis means. */
export const Level = {
  /** A folded instruction: it comes after its operands. */
  Plain: 0,
  /** `(block`, `(loop`, `(try_table`: an `end` comes after the contents. */
  Block: 1,
  /** `(if` before its `(then`: the condition is being read, the `if` itself is yet to come. */
  IfCondition: 2,
  /** `(if` after its `(then`. */
  If: 3,
  /** Legacy `(try`: an `end`, unless it was delegated. */
  Try: 4,
  /** `(then` and `(do`: nothing. */
  Arm: 5,
  /** `(else`, legacy `(catch`: instructions that came at the opening. */
  ArmInstruction: 6,
  /** Legacy `(try` whose `end` is its `(delegate`. */
  Delegated: 7,
  /** What could not be read: nothing. */
  Junk: 8,
} as const;

export interface Levels {
  depth: number;
  kind: number[];
  /** Token of the opening parenthesis. */
  open: number[];
  /** Opcode of `Plain` and `IfCondition`, -1 when unknown. */
  op: number[];
  /** Token after the immediates of those. */
  operandsEnd: number[];
  /** Index of the instruction that came at the opening, -1 when none did (yet). */
  instruction: number[];
}

export const createLevels = (): Levels => ({
  depth: 0,
  kind: [],
  open: [],
  op: [],
  operandsEnd: [],
  instruction: [],
});

export function pushLevel(
  levels: Levels,
  kind: number,
  open: number,
  instruction: number,
  op = -1,
  operandsEnd = 0,
): void {
  const at = levels.depth++;
  levels.kind[at] = kind;
  levels.open[at] = open;
  levels.op[at] = op;
  levels.operandsEnd[at] = operandsEnd;
  levels.instruction[at] = instruction;
}
