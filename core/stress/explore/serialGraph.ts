/**
 * The outcomes of all serial orders as ways through a graph: its nodes are the states between calls, its edges are calls
 * that ran alone. Orders that lead to one state share what follows, so a graph is small where orders, and even their
 * outcomes, are far too many to be listed.
 */
import { callerName } from '../scenario/scenario.ts';
import { randomNumbers } from '../search/random.ts';
import type { Results } from '../session/job.ts';

/** Most steps of the search for one outcome. */
const MOST_STEPS = 100_000;
/** Most outcomes that are counted, but for exchanging callers that are alike, and steps of the search for them. */
const MOST_DISTINCT = 10_000;
const DISTINCT_STEPS = 30_000;
/** Most outcomes whose answers are kept. */
const MOST_KEPT = 100_000;

/** A state between calls. */
export interface SerialNode {
  readonly id: number;
  /** How many calls each caller has made. */
  readonly made: readonly number[];
  readonly edges: SerialEdge[];
  /** What is left and what the probe answers, where all calls were made. */
  end: { probe: string[]; state: string } | undefined;
}

/** A call that ran alone, as its caller's next one, and its result. */
export interface SerialEdge {
  caller: number;
  result: string;
  to: SerialNode;
}

/** An outcome of a serial order of calls. `whole`: one of them divides no unit. */
export interface OrderedOutcome {
  results: string[][];
  probe: string[];
  state: string;
  order: string;
  whole: boolean;
}

/** The order that gives an outcome; null: none does; undefined: the search for it was too long. */
type Found = Pick<OrderedOutcome, 'order' | 'whole'> | null | undefined;

/** What a graph is made of. */
export interface SerialGraphParts {
  root: SerialNode;
  /** How many calls each caller makes. */
  counts: readonly number[];
  /** Equal for callers that make the same calls, in the same place: a node has only calls of the first of those that made equally many. */
  alike: readonly number[];
  /** How many calls of each caller are one unit. */
  lengths: readonly number[];
  /** It has all orders of calls, not only those that divide no unit. */
  dividing: boolean;
}

/** Asks a graph for outcomes; see the file's comment. */
export class SerialGraph {
  private readonly parts: SerialGraphParts;
  /** Whether some order divides a unit. */
  private readonly divides: boolean;
  private readonly answers = new Map<string, Found>();
  private known: { outcomes: OrderedOutcome[] | undefined } | undefined;

  constructor(parts: SerialGraphParts) {
    this.parts = parts;
    const { counts, lengths, dividing } = parts;
    this.divides = dividing && counts.some((count, caller) => count > 1 && lengths[caller] > 1);
  }

  /** A serial order that gives an outcome, one that divides no unit where there is one. @param key equal for equal outcomes */
  find(key: string, { results, probe, state }: { results: Results; probe: readonly string[]; state: string }): Found {
    const known = this.answers.get(key);
    if (known !== undefined || this.answers.has(key)) return known;
    const isEnd = ({ end }: SerialNode): boolean => end?.state === state && isSame(end.probe, probe);
    const found = this.search(results, isEnd);
    if (this.answers.size < MOST_KEPT) this.answers.set(key, found);
    return found;
  }

  /** Keys of the outcomes asked for that an order gives, one that divides no unit where `whole`. */
  foundKeys(whole: boolean): string[] {
    return [...this.answers].flatMap(([key, found]) => (found && (found.whole || !whole) ? [key] : []));
  }

  /** A serial order after which results and probe are these, whatever else is left. */
  orderOf(results: Results, probe: readonly string[], whole: boolean): string | undefined {
    const isEnd = ({ end }: SerialNode): boolean => end !== undefined && isSame(end.probe, probe);
    return (this.search(results, isEnd, whole) ?? undefined)?.order;
  }

  private search(results: Results, isEnd: (node: SerialNode) => boolean, wholeOnly = false): Found {
    const whole = this.way(results, isEnd, true);
    if (whole !== null || wholeOnly || !this.divides) return whole;
    return this.way(results, isEnd, false);
  }

  /** Depth first; where callers alike have the same results, only the first of them that made equally many calls goes on. */
  private way(results: Results, isEnd: (node: SerialNode) => boolean, whole: boolean): Found {
    const { root, counts, alike } = this.parts;
    const texts = results.map((texts, caller) => `${alike[caller]} ${JSON.stringify(texts)}`);
    const order: number[] = [];
    const made = counts.map(() => 0);
    const failed = new Set<string>();
    let steps = 0;
    const visit = (node: SerialNode): boolean => {
      if (order.length === this.length) return isEnd(node);
      const key = `${node.id} ${made.join()}`;
      if (failed.has(key) || ++steps > MOST_STEPS) return false;
      for (const caller of this.next(made, whole)) {
        if (counts.some((_, other) => other < caller && texts[other] === texts[caller] && made[other] === made[caller]))
          continue;
        const edge = this.edge(node, made, caller);
        if (edge === undefined || edge.result !== results[caller][made[caller]]) continue;
        made[caller]++;
        order.push(caller);
        if (visit(edge.to)) return true;
        order.pop();
        made[caller]--;
      }
      failed.add(key);
      return false;
    };
    if (visit(root)) return { order: nameOf(order), whole };
    return steps > MOST_STEPS ? undefined : null;
  }

  /** How many outcomes there are, of orders that divide no unit where `whole`; undefined where they are too many to be counted. */
  count(whole: boolean): number | undefined {
    const { distinct } = this;
    return distinct?.reduce((sum, one) => sum + (one.whole || !whole ? this.arrangements(one) : 0), 0);
  }

  /** All outcomes; undefined where there are more than `most`. */
  list(most: number): OrderedOutcome[] | undefined {
    const { distinct } = this;
    if ((this.count(false) ?? Number.POSITIVE_INFINITY) > most) return undefined;
    return distinct?.flatMap((one) => this.arranged(one));
  }

  /**
   * All outcomes but for exchanging callers that are alike, those of orders that divide no unit first; undefined where
   * they are too many.
   */
  private get distinct(): OrderedOutcome[] | undefined {
    if (this.known === undefined) this.known = { outcomes: this.distinctOutcomes() };
    return this.known.outcomes;
  }

  private distinctOutcomes(): OrderedOutcome[] | undefined {
    const outcomes = new Map<string, OrderedOutcome>();
    const visited = new Set<string>();
    const { root, counts, alike } = this.parts;
    const visit = (node: SerialNode, results: string[][], order: number[], whole: boolean): boolean => {
      const key = `${node.id} ${whole} ${this.sorted(results)}`;
      if (visited.has(key)) return true;
      visited.add(key);
      if (visited.size > DISTINCT_STEPS || outcomes.size > MOST_DISTINCT) return false;
      if (node.end !== undefined) {
        const outcome = `${this.sorted(results)} ${JSON.stringify(node.end)}`;
        if (!outcomes.has(outcome)) outcomes.set(outcome, { results, ...node.end, order: nameOf(order), whole });
        return true;
      }
      const made = results.map(({ length }) => length);
      const texts = results.map((one, caller) => `${alike[caller]} ${JSON.stringify(one)}`);
      return this.next(made, whole).every((caller) => {
        // Whoever is alike up to its results has the same before it.
        const edge = texts.indexOf(texts[caller]) < caller ? undefined : this.edge(node, made, caller);
        if (edge === undefined) return true;
        return visit(edge.to, extended(results, caller, edge.result), [...order, caller], whole);
      });
    };
    const none = counts.map((): string[] => []);
    const all = (this.divides ? [true, false] : [true]).every((whole) => visit(root, none, [], whole));
    return all ? [...outcomes.values()] : undefined;
  }

  /** Callers that are alike, each group once. */
  private get groups(): number[][] {
    const { alike } = this.parts;
    return [...new Set(alike)].map((one) => alike.flatMap((other, caller) => (other === one ? [caller] : [])));
  }

  /** A text that is equal where exchanging callers that are alike makes results equal. */
  private sorted(results: Results): string {
    const texts = results.map((one) => JSON.stringify(one));
    return this.groups
      .map((group) =>
        group
          .map((caller) => texts[caller])
          .sort()
          .join(),
      )
      .join(';');
  }

  /** How many outcomes exchanging callers that are alike makes of one. */
  private arrangements({ results }: OrderedOutcome): number {
    return this.groups.reduce((product, group) => {
      const times = new Map<string, number>();
      let ways = product;
      for (const [position, caller] of group.entries()) {
        const text = JSON.stringify(results[caller]);
        const known = (times.get(text) ?? 0) + 1;
        times.set(text, known);
        ways = (ways * (position + 1)) / known;
      }
      return Math.round(ways);
    }, 1);
  }

  /** The outcomes that exchanging callers that are alike makes of one. */
  private arranged(outcome: OrderedOutcome): OrderedOutcome[] {
    const { results, order } = outcome;
    const made = new Map<string, OrderedOutcome>();
    const { groups } = this;
    // `as[caller]`: whose calls the caller makes.
    const choose = (as: number[], caller: number): void => {
      if (caller < results.length) {
        const group = groups.find((one) => one.includes(caller)) ?? [caller];
        const tried = new Set<string>();
        for (const other of group) {
          const text = JSON.stringify(results[other]);
          if (as.includes(other) || tried.has(text)) continue;
          tried.add(text);
          choose([...as, other], caller + 1);
        }
        return;
      }
      const exchanged = as.map((other) => results[other]);
      const names = [...order].map((name) => callerName(as.findIndex((other) => callerName(other) === name)));
      made.set(JSON.stringify(exchanged), { ...outcome, results: exchanged, order: names.join('') });
    };
    choose([], 0);
    return [...made.values()];
  }

  /** Outcomes of random orders, half of them of orders that may divide units. */
  sample(size: number, seed: number): OrderedOutcome[] {
    const random = randomNumbers(seed);
    const { root, counts } = this.parts;
    return Array.from({ length: size }, (_, number) => {
      const whole = !this.divides || number % 2 === 0;
      const made = counts.map(() => 0);
      const results = counts.map((): string[] => []);
      const order: number[] = [];
      let node = root;
      while (order.length < this.length) {
        const next = this.next(made, whole);
        const caller = next[Math.floor(random() * next.length)];
        const edge = this.edge(node, made, caller);
        if (edge === undefined) throw new Error('a serial order is missing');
        results[caller].push(edge.result);
        order.push(caller);
        made[caller]++;
        node = edge.to;
      }
      const end = node.end as NonNullable<SerialNode['end']>;
      return { results, ...end, order: nameOf(order), whole };
    });
  }

  private get length(): number {
    return this.parts.counts.reduce((sum, count) => sum + count, 0);
  }

  /** Callers that can make a call. */
  private next(made: readonly number[], whole: boolean): number[] {
    return nextCallers(made, this.parts.counts, whole ? this.parts.lengths : undefined);
  }

  /** The call of a caller at a node, where one that is alike and has made equally many stands for it. */
  private edge(node: SerialNode, made: readonly number[], caller: number): SerialEdge | undefined {
    const { alike } = this.parts;
    return node.edges.find((edge) => alike[edge.caller] === alike[caller] && node.made[edge.caller] === made[caller]);
  }
}

/** Callers that can make the next call of a serial order, of one that divides no unit where `lengths` are given. */
export function nextCallers(
  made: readonly number[],
  counts: readonly number[],
  lengths: readonly number[] | undefined,
): number[] {
  const running = lengths === undefined ? -1 : made.findIndex((done, caller) => done % lengths[caller] !== 0);
  if (running >= 0) return [running];
  return counts.flatMap((count, caller) => (made[caller] < count ? [caller] : []));
}

/** Numbers of calls after one more of a caller. */
export const increased = (made: readonly number[], caller: number): number[] =>
  made.map((done, other) => (other === caller ? done + 1 : done));

const extended = (results: readonly string[][], caller: number, result: string): string[][] =>
  results.map((texts, other) => (other === caller ? [...texts, result] : texts));

const nameOf = (order: readonly number[]): string => order.map(callerName).join('');

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, i) => text === b[i]);
