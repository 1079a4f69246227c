/**
 * What a step does to what other callers did before: `overwrites the 1 that B wrote after A read 0`. Derived from the
 * values in the trace alone; nothing is said where folded loops or host functions may have written in between.
 */
import { callerName } from '../../stress/scenario/scenario.ts';
import { t } from '../../text/l10n.ts';
import type { StepView } from './scheduleSteps.ts';

/**
 * How a step relates to an earlier one of another caller, the more telling the higher.
 * - 0: it reads or continues what the other one wrote, as it would in some serial order
 * - 1: it overwrites what the other one wrote without having looked at it
 * - 2: the same while the other one's call has not returned
 * - 3: it meets a change between two of its caller's own accesses
 * - 4: it drops a change that was made after its caller read the cell
 * - 5: it misses what waits in the other one's store buffer
 */
export type MeaningRank = 0 | 1 | 2 | 3 | 4 | 5;

/** What a step means. */
export interface StepMeaning {
  rank: MeaningRank;
  /** Index of the other caller's step that it is about. */
  of: number;
  /** A clause without its subject. */
  text: string;
}

/** Where a step reads or writes; bytes of a memory, or the whole of another cell (`end` is 1). */
export interface StepRange {
  base: string;
  start: number;
  end: number;
}

const BYTES = /^(.*) (0x[0-9a-f]+)(?:\.\.(0x[0-9a-f]+))?$/s;

/** The range of a cell as traces name it. */
export function rangeOfCell(cell: string): StepRange {
  const match = BYTES.exec(cell);
  if (match === null) return { base: cell, start: 0, end: 1 };
  const start = Number(match[2]);
  return { base: match[1], start, end: match[3] === undefined ? start + 1 : Number(match[3]) };
}

/** Whether two ranges share a byte. */
export const rangesMeet = (a: StepRange, b: StepRange): boolean =>
  a.base === b.base && a.start < b.end && b.start < a.end;

const sameRange = (a: StepRange, b: StepRange): boolean => a.base === b.base && a.start === b.start && a.end === b.end;

/** The meaning of each step that has one, by its index. `together`: the calls of a caller are one unit. */
export function meaningsOf(steps: readonly StepView[], together: boolean): Map<number, StepMeaning> {
  const history = new History(together);
  const meanings = new Map<number, StepMeaning>();
  for (const [at, step] of steps.entries()) {
    const meaning = history.next(step, at);
    if (meaning !== undefined) meanings.set(at, meaning);
  }
  return meanings;
}

/** An access that was made. */
interface Access {
  at: number;
  step: StepView;
  range: StepRange;
}

/** Accesses so far, by the cells that they are about. */
class History {
  private readonly together: boolean;
  private readonly writes = new Places();
  private readonly reads = new Places();
  /** Steps that stand for several writes, of which only the first and the span are known. */
  private readonly folded: Access[] = [];
  /** The last call of a host function, which may have written anything. */
  private hostAt = -1;
  /** Calls that have begun and not returned. */
  private readonly open = new Map<number, number>();
  /** Stores in the buffer of each caller, the oldest first. */
  private readonly buffers = new Map<number, Access[]>();
  /** Growth of a memory that another step publishes, by caller. */
  private readonly growing = new Map<number, Access>();

  constructor(together: boolean) {
    this.together = together;
  }

  next(step: StepView, at: number): StepMeaning | undefined {
    const { kind, caller, call, cell } = step;
    if (kind === 'call') this.open.set(caller, call);
    if (kind === 'return' || kind === 'trap' || kind === 'told') this.open.delete(caller);
    if (kind === 'import') this.hostAt = at;
    if (cell === undefined) return undefined;
    const access: Access = { at, step, range: rangeOfCell(cell) };
    if (kind === 'buffered') this.buffers.set(caller, [...this.bufferOf(caller), access]);
    if (!ACCESSES.has(kind)) return undefined;
    if (step.buffer === 'reaches') this.leaves(access);
    const meaning = this.published(access) ?? this.missed(access) ?? this.meaningOf(access);
    this.note(access);
    return meaning;
  }

  private bufferOf(caller: number): readonly Access[] {
    return this.buffers.get(caller) ?? [];
  }

  /** A store is in memory with the first of its bytes that is shown there, and all before it are. */
  private leaves({ step: { caller, offset, times = 1 }, range }: Access): void {
    let buffer = this.bufferOf(caller);
    for (let left = times; left > 0; left--) {
      const at = buffer.findIndex((one) => one.step.offset === offset && (times > 1 || rangesMeet(one.range, range)));
      buffer = buffer.slice(at + 1);
    }
    this.buffers.set(caller, [...buffer]);
  }

  /** A read of what another caller has stored, before that is in memory. */
  private missed({ step, range }: Access): StepMeaning | undefined {
    if (step.read === undefined) return undefined;
    for (const [caller, buffer] of this.buffers) {
      const waiting = caller === step.caller ? undefined : buffer.find((one) => rangesMeet(one.range, range));
      if (waiting === undefined) continue;
      const who = callerName(caller);
      const { written } = waiting.step;
      const text =
        written !== undefined && sameRange(waiting.range, range)
          ? t('reads {0} while the {1} that {2} stored waits in the store buffer of {2}', step.read, written, who)
          : t('reads {0} while what {1} stored there waits in the store buffer of {1}', step.read, who);
      return { rank: 5, of: waiting.at, text };
    }
    return undefined;
  }

  private note(access: Access): void {
    const { step, at, range } = access;
    if (step.read !== undefined) this.reads.add(access);
    if (step.written !== undefined) this.writes.add(access);
    // A bulk operation may show the cell that it reads and write another one.
    const hidden = HIDES_WRITES.test(step.op) && step.written === undefined;
    if (hidden) this.hostAt = at;
    if (step.kind === 'grow' && step.written === undefined && step.read !== undefined)
      this.growing.set(step.caller, access);
    if (step.times !== undefined && step.written !== undefined)
      this.folded.push({
        ...access,
        range: step.span === undefined ? { ...range, ...ANYWHERE } : rangeOfCell(step.span),
      });
  }

  /** A growth in two parts: what others wrote between them. */
  private published({ step, at, range }: Access): StepMeaning | undefined {
    if (step.kind !== 'grow' || step.written === undefined) return undefined;
    const begun = this.growing.get(step.caller);
    this.growing.delete(step.caller);
    if (begun === undefined || begun.range.base !== range.base) return undefined;
    const memory = range.base.replace(/ size$/, '');
    const between = this.writes.lastIn(memory, begun.at, at);
    if (between === undefined || between.step.caller === step.caller) return undefined;
    const who = callerName(between.step.caller);
    return {
      rank: 3,
      of: between.at,
      text: t('ends a growth during which {0} wrote {1}', who, writeText(between.step)),
    };
  }

  private meaningOf(access: Access): StepMeaning | undefined {
    const { step, range, at } = access;
    // It sees its own stores, whatever is in memory.
    const forwarded = this.bufferOf(step.caller).some((one) => rangesMeet(one.range, range));
    if (step.read !== undefined && forwarded) return undefined;
    const other = this.writes.last(range);
    if (other === undefined || other.step.caller === step.caller) return undefined;
    const sure = this.isSure(other);
    if (sure === 'no') return undefined;
    const exact = sameRange(other.range, range);
    const known = exact && sure === 'value' && other.step.written !== undefined;
    // What the trace says is read must be what it says was written: else something in between is not shown.
    if (known && step.read !== undefined && step.read !== other.step.written) return undefined;
    const who = callerName(other.step.caller);
    const what = known
      ? t('the {0} that {1} wrote', other.step.written ?? '', who)
      : exact
        ? t('what {0} wrote', who)
        : t('bytes that {0} wrote', who);
    const of = other.at;
    if (step.kind === 'update' || step.written === undefined) {
      const text = step.kind === 'update' && step.read !== step.written ? t('changes {0}', what) : t('reads {0}', what);
      const own = this.ownBefore(access);
      if (own === undefined || own.at > of || !sameRange(own.range, range)) return { rank: 0, of, text };
      const me = callerName(step.caller);
      const told =
        own.step.written === undefined
          ? t('{0} after {1} read {2} there', text, me, own.step.read ?? '')
          : t('{0} after {1} wrote {2} there', text, me, own.step.written);
      return { rank: 3, of, text: told };
    }
    const overwrites = t('overwrites {0}', what);
    const read = this.reads.last(range, step.caller);
    if (read !== undefined && read.at > of) return { rank: 0, of, text: overwrites };
    if (read !== undefined && this.ownBefore(access) === read) {
      const me = callerName(step.caller);
      const told = sameRange(read.range, range)
        ? t('{0} after {1} read {2}', overwrites, me, read.step.read ?? '')
        : t('{0} after {1} read there', overwrites, me);
      return { rank: 4, of, text: told };
    }
    const interrupted = this.open.get(other.step.caller) === other.step.call && at > other.at;
    return { rank: interrupted ? 2 : 1, of, text: overwrites };
  }

  /** The caller's own last access of the range that belongs together with this one. */
  private ownBefore({ step, range }: Access): Access | undefined {
    const [read, write] = [this.reads.last(range, step.caller), this.writes.last(range, step.caller)];
    const last = (read?.at ?? -1) > (write?.at ?? -1) ? read : write;
    return last !== undefined && this.isTogether(last.step, step) ? last : undefined;
  }

  private isTogether(a: StepView, b: StepView): boolean {
    return a.caller === b.caller && (this.together || a.call === b.call);
  }

  /** Whether a write is still the last one: with its value, only as that of its caller, or not for certain. */
  private isSure({ at, step, range }: Access): 'value' | 'caller' | 'no' {
    if (this.hostAt > at) return 'no';
    let sure: 'value' | 'caller' = 'value';
    for (let i = this.folded.length - 1; i >= 0 && this.folded[i].at >= at; i--) {
      const later = this.folded[i];
      if (!rangesMeet(later.range, range)) continue;
      if (later.step.caller !== step.caller) return 'no';
      // Its repetitions may have written other values there.
      sure = 'caller';
    }
    return sure;
  }
}

/** For a loop whose addresses are not known. */
const ANYWHERE = { start: 0, end: Number.MAX_SAFE_INTEGER };

const ACCESSES: ReadonlySet<StepView['kind']> = new Set([
  'read',
  'write',
  'atomic-read',
  'atomic-write',
  'update',
  'grow',
]);
const HIDES_WRITES = /^(?:memory|table)\.(?:init|copy|fill)$/;

const writeText = ({ written, variable, cell }: StepView): string =>
  t('{0} to {1}', written ?? '', variable ?? cell ?? '');

/** Bytes of a line of the index below, and the widest range that is put there. */
const LINE = 64;
const WIDE = 64 * LINE;

/** Accesses by place. */
class Places {
  private readonly lines = new Map<string, Access[]>();
  /** Of each base: accesses of many lines. */
  private readonly wide = new Map<string, Access[]>();
  private readonly byBase = new Map<string, Access[]>();

  add(access: Access): void {
    const { base } = access.range;
    push(this.byBase, base, access);
    if (access.range.end - access.range.start > WIDE) push(this.wide, base, access);
    else for (const key of linesOf(access.range)) push(this.lines, key, access);
  }

  /** The last access of some byte of the range, by one caller or by any. */
  last(range: StepRange, caller?: number): Access | undefined {
    const { base, start, end } = range;
    const lists =
      end - start > WIDE
        ? [this.byBase.get(base) ?? []]
        : [...linesOf(range).map((key) => this.lines.get(key) ?? []), this.wide.get(base) ?? []];
    let last: Access | undefined;
    for (const list of lists) {
      const found = list.findLast(
        (one) => (caller === undefined || one.step.caller === caller) && rangesMeet(one.range, range),
      );
      if (found !== undefined && found.at > (last?.at ?? -1)) last = found;
    }
    return last;
  }

  /** The last access of a base between two steps. */
  lastIn(base: string, after: number, before: number): Access | undefined {
    const last = this.byBase.get(base)?.at(-1);
    return last !== undefined && last.at > after && last.at < before ? last : undefined;
  }
}

const linesOf = ({ base, start, end }: StepRange): string[] => {
  const [first, last] = [Math.floor(start / LINE), Math.floor((end - 1) / LINE)];
  return Array.from({ length: last - first + 1 }, (_, i) => `${base} ${first + i}`);
};

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
