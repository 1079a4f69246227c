/** What shows that a parameter is the number of bytes at the address before it. */
import type { BlockAccess, BodyFacts } from './bodyFacts.ts';
import { isParameter, sumWith, type Tree } from './values.ts';

/** Whether parameter `at + 1` bounds the accesses to the block at parameter `at`, in this function itself. */
export const isBounded = (facts: BodyFacts, at: number): boolean =>
  boundsRange(facts, at) || boundsPointer(facts, at) || boundsIndex(facts, at) || countsDown(facts, at);

/** A length is not compared with the bytes: that would be a character to look for. */
export const comparedWithBytes = ({ compares }: BodyFacts, at: number): boolean =>
  compares.some(([a, b]) =>
    [
      [a, b],
      [b, a],
    ].some(
      ([one, other]) => (one.from & (2 << at)) !== 0 && (one.from & (1 << at)) === 0 && (other.data & (1 << at)) !== 0,
    ),
  );

/** `memory.copy` and `memory.fill` of the whole block. */
const boundsRange = ({ accesses }: BodyFacts, at: number): boolean => accesses.some((one) => isWholeRange(one, at));

/** Whether an access is one to exactly the bytes that parameter `at + 1` counts, at the address in parameter `at`. */
export const isWholeRange = ({ address, size }: Pick<BlockAccess, 'address' | 'size'>, at: number): boolean =>
  isParameter(address.tree, at) && isParameter(size?.tree, at + 1);

/** A pointer that begins at the address is compared with address plus length, and bytes are accessed through it. */
function boundsPointer({ compares, accesses, assignments }: BodyFacts, at: number): boolean {
  const pointerOf = (tree: Tree | undefined): number | undefined => {
    const base = tree?.op === 'local' ? tree : sumWith(tree, ({ op }) => op === 'const')?.[1];
    if (base?.op !== 'local') return undefined;
    const moves = (assigned: Tree | undefined): boolean =>
      isParameter(assigned, at) ||
      sumWith(assigned, (part) => part.op === 'local' && part.index === base.index)?.[1].op === 'const';
    return assignments.get(base.index)?.every(({ value }) => moves(value.tree)) ? base.index : undefined;
  };
  const accessed = new Set(accesses.map(({ address }) => pointerOf(address.tree)));
  return compares.some(([a, b]) =>
    [
      [a, b],
      [b, a],
    ].some(([end, pointer]) => {
      const sum = sumWith(end.tree, (part) => isParameter(part, at));
      const local = pointerOf(pointer.tree);
      return sum !== undefined && isParameter(sum[1], at + 1) && local !== undefined && accessed.has(local);
    }),
  );
}

/** Accesses to the block are to single bytes. */
const isBytewise = ({ accesses }: BodyFacts, at: number): boolean =>
  accesses.every(({ address, width }) => (address.from & (1 << at)) === 0 || width === 1);

/** The index of single bytes is compared with the length. */
function boundsIndex(facts: BodyFacts, at: number): boolean {
  if (!isBytewise(facts, at)) return false;
  const indices = new Set(
    facts.accesses.flatMap(({ address }) => {
      const sum = sumWith(address.tree, (part) => isParameter(part, at));
      return sum?.[1].op === 'local' ? [sum[1].index] : [];
    }),
  );
  const index = (tree: Tree | undefined): number | undefined =>
    tree?.op === 'local'
      ? tree.index
      : sumWith(tree, ({ op }) => op === 'const')
          ?.map(index)
          .find(Number.isInteger);
  return facts.compares.some(([a, b]) =>
    [
      [a, b],
      [b, a],
    ].some(([one, length]) => {
      const local = index(one.tree);
      return isParameter(length.tree, at + 1) && local !== undefined && indices.has(local) && steps(facts, local, 1);
    }),
  );
}

/** A variable that begins anywhere and moves by a constant. */
const steps = ({ assignments }: BodyFacts, local: number, by: number, start?: number): boolean => {
  const all = assignments.get(local) ?? [];
  const isStep = (tree: Tree | undefined): boolean => {
    const sum = sumWith(tree, (part) => part.op === 'local' && part.index === local);
    return sum?.[1].op === 'const' && sum[1].value === by;
  };
  return (
    all.filter(({ value }) => isStep(value.tree)).length === 1 &&
    all.every(
      ({ value }) =>
        isStep(value.tree) || (start === undefined ? value.tree?.op === 'const' : isParameter(value.tree, start)),
    )
  );
};

/** In a loop, a pointer moves by one byte and, without a jump in between, the length is counted down. */
function countsDown(facts: BodyFacts, at: number): boolean {
  if (!isBytewise(facts, at)) return false;
  const moving = (start: number, by: number): { local: number; segment: number }[] =>
    [...facts.assignments].flatMap(([local, all]) =>
      (local === start || all.some(({ value }) => isParameter(value.tree, start))) && steps(facts, local, by, start)
        ? all.filter(({ value, loop }) => loop && value.tree?.op === 'add').map(({ segment }) => ({ local, segment }))
        : [],
    );
  const pointers = moving(at, 1).filter(({ local }) =>
    facts.accesses.some(({ address: { tree } }) => tree?.op === 'local' && tree.index === local),
  );
  return moving(at + 1, -1).some(({ segment }) => pointers.some((one) => one.segment === segment));
}
