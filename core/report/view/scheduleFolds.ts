/** What a schedule shows at first: steps of cells that nobody shares, repetitions, and steps far from any switch are folded. */
import { t } from '../../text/l10n.ts';
import { plural } from '../../text/phrases.ts';
import type { StepView } from './scheduleSteps.ts';

/** Consecutive steps `[from, to)` that one line stands for until it is unfolded. */
export interface FoldView {
  from: number;
  to: number;
  text: string;
}

/** Steps that are kept around switches, ends of calls and steps of the finding. */
const NEAR = 4;
/** Fewer steps are shown as they are. */
const LEAST = 3;
/** Longest repetition that is looked for, in steps, and how often it must occur to be folded. */
const LONGEST = 12;
const LEAST_TIMES = 3;

const ENDS: ReadonlySet<StepView['kind']> = new Set(['call', 'step', 'return', 'trap', 'told']);

/** A step, or a fold in its place. */
interface Item {
  from: number;
  to: number;
  key: string;
  text?: string;
  /** Never folded. */
  pinned: boolean;
  /** Folded only with what repeats. */
  edge: boolean;
}

/** Disjoint folds in order; a step in `kept` is in none. */
export function foldsOf(steps: readonly StepView[], kept: ReadonlySet<number>): FoldView[] {
  const items = farSteps(repetitions(unshared(steps, kept)));
  return items.flatMap(({ from, to, text }) => (text === undefined ? [] : [{ from, to, text }]));
}

function unshared(steps: readonly StepView[], kept: ReadonlySet<number>): Item[] {
  const items: Item[] = [];
  for (let at = 0; at < steps.length; ) {
    let to = at;
    while (to < steps.length && isPrivate(steps[to]) && !kept.has(to) && steps[to].caller === steps[at].caller) to++;
    if (to - at >= LEAST) {
      const count = to - at;
      items.push({
        from: at,
        to,
        key: `${steps[at].caller} private`,
        text: t('{0} on unshared cells', plural(count, 'step')),
        pinned: false,
        edge: false,
      });
      at = to;
      continue;
    }
    items.push({ from: at, to: at + 1, key: keyOf(steps[at]), pinned: kept.has(at), edge: isEdge(steps, at) });
    at++;
  }
  return items;
}

const isPrivate = ({ unshared: own, kind }: StepView): boolean => own === true && !ENDS.has(kind);

const keyOf = ({ caller, call, kind, op, offset, cell, read, written, note }: StepView): string =>
  [caller, call, kind, op, offset, cell, read, written, note].join(' ');

/** Ends of calls, and both sides of a switch. */
const isEdge = (steps: readonly StepView[], at: number): boolean =>
  ENDS.has(steps[at].kind) ||
  steps[at].switched === true ||
  steps[at].caller !== (steps[at - 1] ?? steps[at]).caller ||
  steps[at].caller !== (steps[at + 1] ?? steps[at]).caller;

/** Folds what callers repeat, one of them or several in turn; the first time is shown. */
function repetitions(items: readonly Item[]): Item[] {
  const shown: Item[] = [];
  for (let i = 0; i < items.length; ) {
    const { length, times } = repetitionAt(items, i);
    if (times < LEAST_TIMES) {
      shown.push(items[i++]);
      continue;
    }
    const [first, last] = [items[i + length], items[i + length * times - 1]];
    const again = plural(times - 1, 'more time');
    shown.push(...items.slice(i, i + length));
    shown.push({
      from: first.from,
      to: last.to,
      key: '',
      text: length === 1 ? t('the step {0}', again) : t('these {0} steps {1}', length, again),
      pinned: true,
      edge: true,
    });
    i += length * times;
  }
  return shown;
}

function repetitionAt(items: readonly Item[], at: number): { length: number; times: number } {
  for (let length = 1; length <= LONGEST; length++) {
    let same = 0;
    while (
      at + length + same < items.length &&
      items[at + same].key === items[at + length + same].key &&
      !items[at + length + same].pinned
    )
      same++;
    const times = 1 + Math.floor(same / length);
    if (times >= LEAST_TIMES) return { length, times };
  }
  return { length: 1, times: 1 };
}

/** Folds what is left far from everything that is kept. */
function farSteps(items: readonly Item[]): Item[] {
  const near = new Uint8Array(items.length);
  items.forEach(({ pinned, edge }, i) => {
    if (pinned || edge) near.fill(1, Math.max(0, i - NEAR), i + NEAR + 1);
  });
  const shown: Item[] = [];
  for (let i = 0; i < items.length; ) {
    let to = i;
    while (to < items.length && near[to] === 0) to++;
    const count = to === i ? 0 : items[to - 1].to - items[i].from;
    if (count >= LEAST) {
      shown.push({
        from: items[i].from,
        to: items[to - 1].to,
        key: '',
        text: plural(count, 'more step'),
        pinned: false,
        edge: false,
      });
      i = to;
    } else shown.push(items[i++]);
  }
  return shown;
}
