/** Values on the way through a function: which parameters an address may come from, and how a value was made. */

/** How a value was computed, as far as that is followed; undefined where it is not. */
export type Tree =
  /** A parameter as it was passed. */
  | { op: 'param'; index: number }
  /** A variable that changes. */
  | { op: 'local'; index: number }
  | { op: 'const'; value: number }
  /** A call; `at`: offset of the instruction. */
  | { op: 'call'; callee: number; args: readonly (Tree | undefined)[]; at: number }
  | { op: 'add' | 'or' | 'shl'; a: Tree; b: Tree }
  /** 32 bits as the lower half of 64. */
  | { op: 'extend'; a: Tree };

/** Bits of a mask beyond those of parameters: a block that the module's allocator has just given. */
export const FRESH = 1 << 30;
/** Made by a shift of 64 bits to the left: an address and a length may have been put together. */
export const SHIFTED = 1 << 29;
/** Parameters that a mask has room for. */
export const MAX_PARAMETERS = 29;
/** The parameters in a mask. */
export const parametersIn = (mask: number): number => mask & (SHIFTED - 1);

/** A value. Masks have a bit for each parameter. */
export interface Traced {
  /** The value may be made of these: an address in the block that the parameter points to, or a number made of it. */
  from: number;
  /** The value may be made of bytes that were read there. */
  data: number;
  tree: Tree | undefined;
}

/** A value of which nothing is known but that it is made of no parameter. */
export const OTHER: Traced = { from: 0, data: 0, tree: undefined };

/** Either of two values. */
export const eitherTraced = (a: Traced, b: Traced): Traced => ({
  from: a.from | b.from,
  data: a.data | b.data,
  tree: sameTree(a.tree, b.tree) ? a.tree : undefined,
});

/** Whether two values were computed in the same way from the same. */
export const sameTree = (a: Tree | undefined, b: Tree | undefined): boolean =>
  a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b);

/** Whether a tree means the same wherever it stands. */
export function isStable(tree: Tree): boolean {
  switch (tree.op) {
    case 'local':
      return false;
    case 'param':
    case 'const':
      return true;
    case 'call':
      return tree.args.every((one) => one === undefined || isStable(one));
    case 'extend':
      return isStable(tree.a);
    default:
      return isStable(tree.a) && isStable(tree.b);
  }
}

/** Whether it is this parameter, as it was passed. */
export const isParameter = (tree: Tree | undefined, index: number): boolean =>
  tree?.op === 'param' && tree.index === index;

/** The two parts of a sum with the part that `first` accepts in front; undefined if it accepts neither. */
export function sumWith(tree: Tree | undefined, first: (part: Tree) => boolean): [Tree, Tree] | undefined {
  if (tree?.op !== 'add') return undefined;
  if (first(tree.a)) return [tree.a, tree.b];
  return first(tree.b) ? [tree.b, tree.a] : undefined;
}
