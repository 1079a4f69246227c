/** Serial orders in which a call does not return before another caller has run: known from how they begin. */

export class StuckOrders {
  private readonly beginnings: (readonly number[])[] = [];

  /** Whether an order begins like one that got stuck, so that it gets stuck, too: calls run alone are deterministic. */
  has(order: readonly number[]): boolean {
    return this.beginnings.some((beginning) => beginning.every((caller, i) => order[i] === caller));
  }

  /** Every order begins like one that got stuck, also those that were not run: no caller's first call returns alone. */
  areAll(callers: number): boolean {
    return Array.from({ length: callers }, (_, caller) => caller).every((caller) => this.has([caller]));
  }

  /** @param calls number of calls that were begun, the one that did not return among them */
  add(order: readonly number[], calls: number): void {
    this.beginnings.push(order.slice(0, calls));
  }
}
