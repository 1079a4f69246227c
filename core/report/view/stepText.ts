/** A step of a schedule in a sentence, for the line above the lanes and for screen readers. */

import { callerName } from '../../stress/scenario/scenario.ts';
import { t } from '../../text/l10n.ts';
import { number } from '../../text/phrases.ts';
import { hex } from '../../wasm/printer/numbers.ts';
import type { StepView } from './scheduleSteps.ts';
import type { StepMeaning } from './stepMeaning.ts';

/** `B overwrites the 1 that A wrote after B read 0.` and what led there; several sentences. */
export function stepSentences(step: StepView, call: string, meaning?: StepMeaning): string {
  const who = callerName(step.caller);
  const times = step.times === undefined ? [] : [t('This is the first of {0} repetitions.', number(step.times))];
  return [
    ...(step.switched ? [t('The schedule switches to {0}.', who)] : []),
    deedOf(step, who, call),
    ...(meaning === undefined ? [] : [t('It {0}.', meaning.text)]),
    ...times,
    ...whereOf(step),
  ].join(' ');
}

function deedOf(step: StepView, who: string, call: string): string {
  const { kind, op, read, written, note } = step;
  const cell = step.variable ?? step.cell ?? '';
  const grown = cell.replace(/ size$/, '');
  if (step.buffer === 'waits')
    return t('{0} stores {1} to {2} ({3}), which waits in its store buffer.', who, written ?? '', cell, op);
  if (step.buffer === 'reaches')
    return t('The {0} that {1} stored to {2} reaches memory ({3}).', written ?? '', who, cell, op);
  switch (kind) {
    case 'call':
      return t('{0} calls {1}.', who, op);
    case 'return':
      return read === undefined || read === '()'
        ? t('{0} returns from {1}.', who, call)
        : t('{0} returns {1} from {2}.', who, read, call);
    case 'trap':
      return read === 'did not return'
        ? t('{0} does not return from {1}.', who, call)
        : t('{0} traps: {1}.', who, read ?? '');
    case 'step':
      return `${who}: ${op}.`;
    case 'told':
      return `${who}: ${read}.`;
    case 'import':
      return t('{0} calls the host: {1}.', who, step.cell ?? op);
    case 'update':
      return t('{0} atomically replaces {1} by {2} in {3} ({4}).', who, read ?? '', written ?? '', cell, op);
    case 'read':
      return t('{0} reads {1} from {2} ({3}).', who, read ?? '', cell, op);
    case 'atomic-read':
      return t('{0} atomically reads {1} from {2} ({3}).', who, read ?? '', cell, op);
    case 'write':
      return t('{0} writes {1} to {2} ({3}).', who, written ?? '', cell, op);
    case 'atomic-write':
      return t('{0} atomically writes {1} to {2} ({3}).', who, written ?? '', cell, op);
    case 'wait':
      return t('{0} executes {1} at {2}, which holds {3}.', who, op, cell, read ?? '');
    case 'notify':
      return t('{0} notifies {1} ({2}).', who, cell, [op, note].filter(Boolean).join(', '));
    case 'grow':
      return written === undefined
        ? t('{0} begins to grow {1}, which has {2} ({3}).', who, grown, read ?? '', op)
        : t('{0} has grown {1} to {2} ({3}).', who, grown, written, op);
    case 'buffered':
    case 'other':
      return `${who}: ${op}${cell === '' ? '' : ` ${cell}`}.`;
  }
}

function whereOf({ inside, offset, source, place }: StepView): string[] {
  if (offset === undefined) return [];
  const at = source ?? place ?? hex(offset);
  return [inside === undefined ? t('At {0}.', at) : t('In {0} at {1}.', inside, at)];
}

/** What a lane shows of a step, in parts: with little room, the values are what must be seen. */
export interface LaneParts {
  /** `i32.store`; of a call its text. */
  op: string;
  /** What it touches, `$count`; empty for nothing. */
  cell: string;
  /** What it read and wrote: `= 1`, `→ 0`; empty for nothing. */
  values: string;
  /** What came of it, and of how many it is the first; empty for nothing. */
  note: string;
}

/** The parts in their order. */
export function laneParts(step: StepView): LaneParts {
  const { kind, op, read, written, note, times } = step;
  if (kind === 'call' || kind === 'step') return { op, cell: '', values: '', note: '' };
  if (kind === 'told') return { op: read ?? '', cell: '', values: '', note: '' };
  if (kind === 'return') return { op: 'return', cell: '', values: read ?? '', note: '' };
  if (kind === 'trap')
    return {
      op: read === 'did not return' ? t('does not return') : t('trap: {0}', read ?? ''),
      cell: '',
      values: '',
      note: '',
    };
  const values = [...(read === undefined ? [] : [`→ ${read}`]), ...(written === undefined ? [] : [`= ${written}`])];
  const notes = [
    ...(note === undefined ? [] : [`(${note})`]),
    ...(step.buffer === 'waits' ? [`(${t('buffered')})`] : []),
    ...(times === undefined ? [] : [`(${t('first of {0}', number(times))})`]),
  ];
  // No second store, but what becomes of the first.
  const does = step.buffer === 'reaches' ? t('reaches memory:') : op;
  return { op: does, cell: step.variable ?? step.cell ?? '', values: values.join(' '), note: notes.join(' ') };
}

/** What a lane shows of a step beside its mark, in one line: `global.set $count = 1`. */
export function laneText(step: StepView): string {
  const { op, cell, values, note } = laneParts(step);
  return [op, cell, values, note].filter((part) => part !== '').join(' ');
}
