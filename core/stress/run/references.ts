/**
 * Numbers for references, by which results and states are compared as text. What exists in the base state has one number
 * in all executions. Objects that an execution makes are other ones each time: they are numbered anew in each, in an order
 * that does not depend on the schedule.
 */

/** A new object in a text; see `referenceText`. */
const NEW = /\bnew reference (\d+)\b/g;

/** `reference 3`, or `new reference 1` for an object that the execution has made. */
export const referenceText = (number: number): string =>
  number < 0 ? `new reference ${-number}` : `reference ${number}`;

/** Texts in which new objects are numbered in the order in which they are named. */
export const referencesInOrder = (lists: readonly (readonly string[])[]): string[][] => renamed(lists, new Map());

/** `order`: the numbers found so far, and those that they become. */
function renamed(lists: readonly (readonly string[])[], order: Map<number, number>): string[][] {
  return lists.map((texts) =>
    texts.map((text) =>
      text.replace(NEW, (_, digits) => {
        const number = Number(digits);
        if (!order.has(number)) order.set(number, order.size + 1);
        return referenceText(-(order.get(number) ?? 0));
      }),
    ),
  );
}

/** The references of all instances of a run. */
export class References {
  /** Functions, what is no object, and objects of the base state. */
  private readonly kept = new Map<unknown, number>();
  /** Objects of the running execution; their numbers are negative. */
  private made = new Map<unknown, number>();
  /** Some result or state had an object that an execution made: that there is one is compared, and not what is inside. */
  metMade = false;

  /** An execution begins, from the base state. */
  begin(): void {
    if (this.made.size > 0) this.made.clear();
  }

  /** Notes an object of the base state. */
  keep(value: unknown): void {
    if (typeof value === 'object' && value !== null) this.kept.set(value, this.kept.get(value) ?? this.kept.size + 1);
  }

  /** Whether a reference is to an object that is none of the base state. */
  isNew(value: unknown): boolean {
    return typeof value === 'object' && value !== null && !this.kept.has(value);
  }

  /** The number of a reference, 0 for null. */
  number(value: unknown): number {
    if (value === null || value === undefined) return 0;
    const known = this.kept.get(value) ?? this.made.get(value);
    if (known !== undefined) return known;
    const isMade = typeof value === 'object';
    const number = isMade ? -(this.made.size + 1) : this.kept.size + 1;
    if (isMade) this.metMade = true;
    (isMade ? this.made : this.kept).set(value, number);
    return number;
  }

  /** The texts, with new objects numbered in the order in which they name them; others are forgotten, and numbered when they are next met. */
  inOrder(lists: string[][]): string[][] {
    if (this.made.size === 0) return lists;
    const order = new Map<number, number>();
    const texts = renamed(lists, order);
    const named = [...this.made].flatMap(([value, number]): [unknown, number][] => {
      const at = order.get(-number);
      return at === undefined ? [] : [[value, -at]];
    });
    this.made = new Map(named);
    return texts;
  }
}
