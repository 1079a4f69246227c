/**
 * The open parentheses of a function body as parallel arrays: nesting of any depth needs no recursion and no object
 * per level.
 */

/** Kinds of levels, which decide what the closing parenthesis means. */
export const Level = {
  /** A folded instruction: it comes after its operands. */
  Plain: 0,
  /** `(block`, `(loop`, `(try_table`: an `end` comes after the contents. */
  Block: 1,
  /** `(if` before its `(then`: the condition is being read, and the `if` instruction follows it. */
  IfCondition: 2,
  /** `(if` after its `(then`. */
  If: 3,
  /** Legacy `(try`: an `end`, unless it was delegated. */
  Try: 4,
  /** `(then` and `(do`: adds no instruction. */
  Arm: 5,
  /** `(else`, legacy `(catch`: the instruction was added at the opening. */
  ArmInstruction: 6,
  /** Legacy `(try` whose `end` is its `(delegate`. */
  Delegated: 7,
  /** A form that could not be read: adds no instruction. */
  Junk: 8,
} as const;

/** A stack of open parentheses; entries at `depth` and above are unused. */
export interface Levels {
  depth: number;
  kind: number[];
  /** Token of the opening parenthesis. */
  open: number[];
  /** Opcode of `Plain` and `IfCondition`, -1 if unknown. */
  op: number[];
  /** Token after the immediates of those. */
  operandsEnd: number[];
  /** Index of the instruction that was added at the opening, -1 if there is none (yet). */
  instruction: number[];
}

/** An empty stack. */
export const createLevels = (): Levels => ({
  depth: 0,
  kind: [],
  open: [],
  op: [],
  operandsEnd: [],
  instruction: [],
});

/** Pushes a level. */
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
