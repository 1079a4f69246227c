/** Serial orders in which some call does not return before another caller has run, recognised by their first calls. */

/** The beginnings of stuck orders. */
export class StuckOrders {
  private readonly beginnings: (readonly number[])[] = [];

  /** Whether an order begins like one that got stuck, so that it gets stuck, too: calls run alone are deterministic. */
  has(order: readonly number[]): boolean {
    return this.beginnings.some((beginning) => beginning.every((caller, i) => order[i] === caller));
  }

  /**
   * Whether every order, including those that were not run, begins like a stuck one: no caller's first call returns
   * alone.
   */
  areAll(callers: number): boolean {
    return Array.from({ length: callers }, (_, caller) => caller).every((caller) => this.has([caller]));
  }

  /** @param calls number of calls that were started, including the one that did not return */
  add(order: readonly number[], calls: number): void {
    this.beginnings.push(order.slice(0, calls));
  }
}
