/** Pool or lock: what makes calls of a module run concurrently, and why not the other. */
import { exclusionOf, type HostProfile } from '../../hosts/profile.ts';
import { t } from '../../text/l10n.ts';
import { paragraph } from '../../text/phrases.ts';
import type { Analysis } from '../model.ts';
import { nothingShared } from '../nothingShared.ts';
import { isProgramState, type Kept, keptSize } from './kept.ts';
import type { CallSequence } from './sequences.ts';
import type { VerdictStatus } from './verdictStatus.ts';

/**
 * - `pool`: any instance serves any caller
 * - `own-instance`: an instance for each caller, kept for as long as its state matters
 * - `queue`: one call at a time on the only thread
 * - `common-lock`: one lock around the calls of all instances, or synchronisation inside the module
 * - `new-instance`: an instance for each run of a program
 * - `none`: nothing to do in the module
 */
export type RemedyKind = 'pool' | 'own-instance' | 'queue' | 'common-lock' | 'new-instance' | 'none';

/** What to do, and why. */
export interface ModuleRemedy {
  kind: RemedyKind;
  /** A few sentences; empty where there is nothing to say. */
  text: string;
}

/** What the choice depends on. */
interface RemedyInput {
  status: VerdictStatus;
  kept: readonly Kept[];
  sequences: readonly CallSequence[];
  profile: HostProfile;
}

/** Whether a call can find what another one left. */
const keepsState = (kept: readonly Kept[]): boolean =>
  kept.some(isProgramState) ||
  kept.some(({ kind }) => kind === 'objects' || kind === 'unknown') ||
  keptSize(kept) !== undefined;

/** The kind alone, which follows from the sharing model and from what calls leave behind. */
export function remedyKindOf(
  analysis: Pick<Analysis, 'model' | 'sharing'>,
  { status, kept }: Pick<RemedyInput, 'status' | 'kept'>,
): RemedyKind {
  if (status === 'program') return 'new-instance';
  if (status === 'no-exports' || status === 'no-conflict' || status === 'host-only') return 'none';
  if (analysis.model === 'cooperative') return 'queue';
  if (analysis.model !== 'shared-instance') return 'common-lock';
  return keepsState(kept) ? 'own-instance' : 'pool';
}

/** The kind, with what a user has to know. */
export function remedyOf(analysis: Analysis, { status, kept, sequences, profile }: RemedyInput): ModuleRemedy {
  const { model } = analysis;
  const kind = remedyKindOf(analysis, { status, kept });
  if (status === 'no-exports') return { kind, text: t('There is nothing to call.') };
  if (kind === 'new-instance')
    return { kind, text: t('Use a new instance for each run; runs in different instances share only the host.') };
  if (kind === 'none') {
    const keeps = keepsState(kept);
    const host = status === 'host-only' ? t('Make the host functions safe for concurrent use.') : '';
    const reuse =
      keeps && (model === 'isolated' || nothingShared(analysis) !== undefined)
        ? t('A caller that gets an instance from a pool can find what its last user left there.')
        : '';
    return { kind, text: paragraph([exclusionOf(profile, model) ?? '', host, reuse]) };
  }
  if (kind === 'queue') return { kind, text: queueText(sequences.length > 0) };
  if (model === 'shared-memory' && nothingShared(analysis) === undefined)
    return {
      kind,
      text: t(
        'An instance for each thread does not separate callers, because they share the memory: hold one common lock around the calls of all instances unless the module synchronises itself, or give each caller its own memory.',
      ),
    };
  if (model !== 'shared-instance')
    return {
      kind,
      text: t(
        'Give each instance its own memories, tables and globals to import, or hold one common lock around the calls of all instances.',
      ),
    };
  const lock = profile.remedy.lock.replace(/[,，]$/, '');
  return { kind, text: kind === 'pool' ? poolText(lock, sequences.length > 0) : ownText(lock, sequences.length > 0) };
}

/** `together`: some calls belong together. */
const queueText = (together: boolean): string =>
  together
    ? t(
        'Run calls one at a time through a queue, whole sequences where calls belong together, or give each caller an instance; a lock would block the only thread.',
      )
    : t(
        'Run calls one at a time through a queue, or give each caller an instance; a lock would block the only thread.',
      );

const poolText = (lock: string, together: boolean): string =>
  together
    ? t(
        'Use an instance for each caller, for example from a pool. With one instance, hold {0} around each whole sequence; then one caller runs at a time.',
        lock,
      )
    : t(
        'Use an instance for each caller, for example from a pool. With one instance, hold {0} around each call; then one caller runs at a time.',
        lock,
      );

const ownText = (lock: string, together: boolean): string =>
  together
    ? t(
        'Give each caller its own instance while it uses that state; a pool would hand the next caller what the last one left. If callers must share the state, use one instance and hold {0} around each whole sequence.',
        lock,
      )
    : t(
        'Give each caller its own instance while it uses that state; a pool would hand the next caller what the last one left. If callers must share the state, use one instance and hold {0} around each call.',
        lock,
      );
