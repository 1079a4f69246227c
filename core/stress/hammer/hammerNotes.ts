/** The notes of a hammer result: what rounds do not show, and where it is shown. */

import { HOST_PROFILES } from '../../hosts/index.ts';
import type { HostHazardKind } from '../../hosts/profile.ts';
import { t } from '../../text/l10n.ts';
import { MAX_ITERATIONS } from '../run/meter.ts';
import { guessedNote } from '../scenario/guessedText.ts';
import type { HammerPlan } from './hammerPlan.ts';
import { MAX_KINDS } from './outcomeTable.ts';
import { noneReturns, type RoundsResult } from './rounds.ts';
import type { ThreadStart } from './threadStart.ts';

/** Functions of WASI that change which files are open. */
const CHANGE_FILES = /\.fd_(close|renumber)$/;

const KINDS: readonly HostHazardKind[] = [
  'memory-growth',
  'table-growth',
  'segment-drop',
  'ref-func',
  'overlapping-calls',
];

/** Operations that can damage the host and that the calls reach: threads of JavaScript are another host. */
function hazardNotes({ module, analysis, changed, model, callers, scenario: { host } }: HammerPlan): string[] {
  if (model !== 'shared-instance') return [];
  const { hostHazards } = HOST_PROFILES[host];
  const called = new Set(callers.flat().map(({ name }) => name));
  const reached: Record<HostHazardKind, boolean> = {
    'memory-growth': [...changed.grown].some((i) => !module.memories[i].limits.shared),
    'table-growth': changed.grownTables.size > 0,
    'segment-drop': changed.droppedData.size + changed.droppedElements.size > 0,
    'overlapping-calls': true,
    'ref-func': analysis.exports.some(
      ({ name, hazards }) => called.has(name) && hazards.some(({ rule }) => rule === 'ref-func'),
    ),
  };
  const names = KINDS.flatMap((kind) => (reached[kind] ? (hostHazards[kind]?.name ?? []) : []));
  return names.length === 0
    ? []
    : [
        t(
          'Not run by the hammer, but checked by exploration, because it can damage the host ({0}): {1}.',
          host,
          names.join('; '),
        ),
      ];
}

/** What to know about a result, a sentence each: what was not run, not compared, or is shown by exploration only. */
export function hammerNotes(
  plan: HammerPlan,
  { threads }: ThreadStart,
  hammered: RoundsResult | undefined,
  wasi: readonly string[],
): string[] {
  const { notes, callers, model, changed, privateGlobals, analysis } = plan;
  const { guessed } = plan.scenario;
  const all = guessed === undefined ? [...notes] : [guessedNote(guessed), ...notes];
  if (hammered === undefined) return all;
  const { oracle } = hammered;
  if (callers.length > threads)
    all.push(
      t('{0} callers on {1} threads: callers on the same thread run one after the other.', callers.length, threads),
    );
  if (model === 'shared-instance' && changed.grown.size > 0)
    all.push(
      t(
        'Threads share a memory that grows in one step and never moves; only exploration shows what happens while a host moves a memory.',
      ),
    );
  if (privateGlobals.some((i) => i !== analysis.stackPointer))
    all.push(
      t(
        'Serial orders run on an instance for each caller, too, so the hammer does not show what an instance wrongly keeps for itself; exploration compares them with one instance.',
      ),
    );
  if ([...callers.flat(), ...plan.probe].some(({ step }) => step !== undefined))
    all.push(
      t(
        'The host reads and writes memory with plain accesses from JavaScript, byte by byte: another thread can see or change a part of them.',
      ),
    );
  all.push(...hazardNotes(plan));
  const files = wasi.filter((name) => CHANGE_FILES.test(name));
  if (files.length > 0)
    all.push(
      t(
        'Each caller has its own open files; only exploration shows how {0} affects those of other callers.',
        files.join(', '),
      ),
    );
  if (oracle.infeasible > 0)
    all.push(
      t(
        'In {0} of {1} serial orders a call does not return before another caller has run, or not within {2} million loop iterations, so they have no outcome.',
        oracle.infeasible,
        oracle.orders,
        MAX_ITERATIONS / 1e6,
      ),
    );
  if (noneReturns(oracle))
    all.push(
      t(
        'No serial order has an outcome, so outcomes of rounds are counted but not judged; exploration finds the races and hangs of such calls. A lock around calls that wait for each other would block them all.',
      ),
    );
  if (!oracle.complete)
    all.push(t('Not all serial orders of the calls were run, so outcomes are counted but not judged.'));
  if (hammered.table.full)
    all.push(t('There were more than {0} different outcomes; further ones are not listed.', MAX_KINDS));
  if (oracle.incomparable.length > 0)
    all.push(...oracle.incomparable, t('Outcomes are therefore counted but not judged.'));
  return [...all, ...hammered.notes];
}
