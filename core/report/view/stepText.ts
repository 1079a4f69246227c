/** A step of a schedule in a sentence, for the line above the lanes and for screen readers. */
import { callerName } from '../../stress/scenario/scenario.ts';
import { number } from '../../text/phrases.ts';
import { hex } from '../../wasm/printer/numbers.ts';
import type { StepView } from './scheduleSteps.ts';
import type { StepMeaning } from './stepMeaning.ts';

/** `B overwrites the 1 that A wrote after B read 0.` and what led there; several sentences. */
export function stepSentences(step: StepView, call: string, meaning?: StepMeaning): string {
  const who = callerName(step.caller);
  const times = step.times === undefined ? [] : [`This is the first of ${number(step.times)} repetitions.`];
  return [
    ...(step.switched ? [`The schedule switches to ${who}.`] : []),
    deedOf(step, who, call),
    ...(meaning === undefined ? [] : [`It ${meaning.text}.`]),
    ...times,
    ...whereOf(step),
  ].join(' ');
}

function deedOf(step: StepView, who: string, call: string): string {
  const { kind, op, read, written, note } = step;
  const cell = step.variable ?? step.cell ?? '';
  const grown = cell.replace(/ size$/, '');
  switch (kind) {
    case 'call':
      return `${who} calls ${op}.`;
    case 'return':
      return read === undefined || read === '()'
        ? `${who} returns from ${call}.`
        : `${who} returns ${read} from ${call}.`;
    case 'trap':
      return read === 'did not return' ? `${who} does not return from ${call}.` : `${who} traps: ${read}.`;
    case 'step':
      return `${who}: ${op}.`;
    case 'told':
      return `${who}: ${read}.`;
    case 'import':
      return `${who} calls the host: ${step.cell ?? op}.`;
    case 'update':
      return `${who} atomically replaces ${read} by ${written} in ${cell} (${op}).`;
    case 'read':
      return `${who} reads ${read} from ${cell} (${op}).`;
    case 'atomic-read':
      return `${who} atomically reads ${read} from ${cell} (${op}).`;
    case 'write':
      return `${who} writes ${written ?? ''} to ${cell} (${op}).`.replace('  ', ' ');
    case 'atomic-write':
      return `${who} atomically writes ${written} to ${cell} (${op}).`;
    case 'wait':
      return `${who} executes ${op} at ${cell}, which holds ${read}.`;
    case 'notify':
      return `${who} notifies ${cell} (${[op, note].filter(Boolean).join(', ')}).`;
    case 'grow':
      return written === undefined
        ? `${who} begins to grow ${grown}, which has ${read} (${op}).`
        : `${who} has grown ${grown} to ${written} (${op}).`;
    case 'other':
      return `${who}: ${op}${cell === '' ? '' : ` ${cell}`}.`;
  }
}

function whereOf({ inside, offset, source, place }: StepView): string[] {
  if (offset === undefined) return [];
  const at = source ?? place ?? hex(offset);
  return [inside === undefined ? `At ${at}.` : `In ${inside} at ${at}.`];
}

/** What a lane shows of a step beside its mark: `$count = 1`. */
export function laneText(step: StepView): string {
  const { kind, op, read, written, note, times } = step;
  const repeated = times === undefined ? '' : ` (first of ${number(times)})`;
  if (kind === 'call' || kind === 'step') return op;
  if (kind === 'told') return read ?? '';
  if (kind === 'return') return `return ${read ?? ''}`.trimEnd();
  if (kind === 'trap') return read === 'did not return' ? 'does not return' : `trap: ${read ?? ''}`;
  const cell = step.variable ?? step.cell ?? '';
  const values = [read === undefined ? '' : ` → ${read}`, written === undefined ? '' : ` = ${written}`].join('');
  const told = note === undefined ? '' : ` (${note})`;
  return `${op} ${cell}${values}${told}${repeated}`;
}
