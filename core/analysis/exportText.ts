/** Texts about an export as a whole: its headline, the verdict under each sharing model, the advice. */
import type { AdviceKind, SharingModel, StanceStatus } from '../hosts/profile.ts';
import { SHARING_MODELS } from '../hosts/profile.ts';
import { type Message, message, t } from '../text/l10n.ts';
import { number, plural } from '../text/phrases.ts';
import { isHostCell } from './cells.ts';
import { threadSafetyOf } from './conditions/threads.ts';
import { threadLabel } from './conditions/threadText.ts';
import { meetAlways } from './groups.ts';
import type { Findings } from './hazardText.ts';
import type { Analysis, ExportSummary } from './model.ts';
import { adviceFor, stackAdvice, usesStack } from './modelAdvice.ts';
import { nothingShared } from './nothingShared.ts';
import { conflictsWithItself } from './partners.ts';
import { conflictsUnder, effectsOf } from './queries.ts';
import { analysisUnder } from './reuse.ts';

/** Names of the sharing models in sentences, shown with `translated`. */
export const MODEL_TEXT: Readonly<Record<SharingModel, Message>> = {
  'shared-instance': message('shared instance'),
  'shared-memory': message('shared memory'),
  isolated: message('isolated'),
  cooperative: message('cooperative'),
};

/** `conflicts with itself and 2 other exports`, or what follows from the absence of conflicts. */
export function conflictText({ analysis }: Findings, position: number): string {
  const { conflictCount, class: exportClass } = analysis.exports[position];
  if (exportClass === 'host-dependent')
    return conflictCount > 1
      ? t('may conflict with itself and {0} through the host', plural(conflictCount - 1, 'other export'))
      : t('may conflict through the host');
  if (conflictCount > 0) {
    const partners = partnersText(conflictCount, conflictsWithItself(analysis, position));
    const conditional = conflictCount - alwaysConflicting(analysis, position);
    if (conditional === 0) return t('conflicts with {0}', partners);
    return conditional === conflictCount
      ? t('conflicts with {0}, only for some arguments', partners)
      : t('conflicts with {0}, with {1} only for some arguments', partners, number(conditional));
  }
  if (analysis.partial !== undefined) return t('no conflict found so far');
  return t('no conflict found');
}

/** How many exports one conflicts with, itself among them or not: `itself and 2 other exports`. */
function partnersText(count: number, withItself: boolean): string {
  if (!withItself) return plural(count, 'export');
  return count === 1 ? t('itself') : t('itself and {0}', plural(count - 1, 'other export'));
}

/** Number of exports (itself included) that an export conflicts with whatever the arguments of the calls are. */
export function alwaysConflicting({ groups, exports }: Analysis, position: number): number {
  const own = groups[exports[position].group];
  return groups.reduce((count, group) => count + (meetAlways(own, group) ? group.exports.length : 0), 0);
}

/** What the analysis and the host say about an export under one sharing model. */
export interface ModelVerdict {
  model: SharingModel;
  /** Whether the analysis was made for this model. */
  chosen: boolean;
  /** What follows from the conflicts, without a full stop. */
  text: string;
  /** Whether the export is thread-safe, see `threadLabel`; undefined where the model does not apply. */
  threads: string | undefined;
  status: StanceStatus;
  /** What the host says about the model, in one sentence, and the source of that. */
  stance: string;
  source: string;
}

/** Verdicts under each sharing model, the chosen one first. */
export function verdictsOf(findings: Findings, position: number): ModelVerdict[] {
  const { analysis, profile } = findings;
  const models = SHARING_MODELS.filter(
    (model) => model !== 'cooperative' || model === analysis.model || profile.models.includes(model),
  ).sort((a, b) => Number(b === analysis.model) - Number(a === analysis.model));
  return models.map((model) => {
    const chosen = model === analysis.model;
    const { status, text, source } = profile.stance[model];
    const why = chosen ? nothingShared(analysis) : undefined;
    const found = conflictText(findings, position);
    const own = why === undefined ? found : t('{0}; {1}', found, why);
    const verdict = chosen ? own : otherVerdict(analysis, position, model);
    const applies = model !== 'shared-memory' || analysis.sharing.memories.some(({ common }) => common);
    const threads = applies ? threadLabel(threadSafetyOf(analysisUnder(analysis, model), position)) : undefined;
    return { model, chosen, text: verdict, threads, status, stance: text, source };
  });
}

function otherVerdict(analysis: Analysis, position: number, model: SharingModel): string {
  if (model === 'shared-memory' && !analysis.sharing.memories.some(({ common }) => common))
    return t('does not apply because the module imports no shared memory');
  // Isolated instances meet in the host only.
  const count = model === 'isolated' ? 0 : conflictsUnder(analysis, position, model);
  if (count > 0) return t('conflicts with {0}', plural(count, 'export'));
  const callsHost = effectsOf(analysis, analysis.exports[position].func).some((effect) =>
    isHostCell(analysis.effects[effect].cell),
  );
  return callsHost ? t('no conflict found in the module, but host functions are shared') : t('no conflict found');
}

/** Words for what a host says about a sharing model, shown with `translated`. */
export const STATUS_TEXT: Readonly<Record<StanceStatus, Message>> = {
  allowed: message('allowed'),
  unguarded: message('possible, but not synchronised'),
  forbidden: message('forbidden'),
  unavailable: message('not available'),
};

/** Order of the advice: the worst hazards come first. */
const BY_CELL: readonly [AdviceKind, (hazard: ExportSummary['hazards'][number]) => boolean][] = [
  ['unknown', ({ rule }) => rule === 'unknown-code'],
  ['segment', ({ cell }) => cell.kind === 'segment'],
  ['grows', ({ rule }) => rule === 'memory-grow'],
  ['stack', ({ rule }) => rule === 'stack-pointer'],
  ['table', ({ cell, rule }) => rule === 'table-write' && cell.kind !== 'segment'],
  ['host-dependent', ({ cell }) => isHostCell(cell)],
];

/** What to do about export `position` on this host: advice for its class, then for its other findings. */
export function exportAdvice(findings: Findings, position: number): { kind: AdviceKind; text: string }[] {
  const { module, analysis } = findings;
  const { class: exportClass, hazards } = analysis.exports[position];
  // If all findings are about the stack, the advice for it covers the general advice for state.
  const onlyStack = hazards.length > 0 && hazards.every(({ rule }) => rule === 'stack-pointer');
  const kinds = new Set<AdviceKind>([exportClass === 'stateful' && onlyStack ? 'stack' : exportClass]);
  for (const [kind, applies] of BY_CELL) if (hazards.some(applies)) kinds.add(kind);
  // No conflict on the stack rests on somebody who sets the pointer: that is said where there is none, too.
  if (stackAdvice(module, analysis) !== undefined && usesStack(analysis, position)) kinds.add('stack');
  return [...kinds].map((kind) => ({ kind, text: adviceFor(findings, kind) }));
}
