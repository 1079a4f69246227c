/** Where guests run, and what a result says of it when that is not a process of their own. */
import { t } from '../../core/text/l10n.ts';
import type { WorkerOptions } from './workerJob.ts';

/**
 * `process`: in a process that can be ended whatever happens in it, and whose memory is bounded as a whole. `thread`: in
 * threads of this program.
 */
export type Isolation = 'process' | 'thread';

/** Options of every run that guests take part in. */
export interface IsolatedOptions extends WorkerOptions {
  isolation: Isolation;
}

/** Why a run was in threads of this program. `refused`: what prevented a process; undefined if none was wanted. */
export const notIsolated = (refused: string | undefined): string =>
  refused === undefined
    ? t(
        'The run was not isolated: it took place in a thread of this program, which ends with it if the module takes all memory.',
      )
    : t(
        'The run was not isolated: it took place in a thread of this program, because no process could be started for it ({0}).',
        refused,
      );

/** The answer with a note in its result, if it has one. */
export const withNote = <Result extends { notes: string[] }, Failure>(
  answer: { result: Result } | { failure: Failure },
  note: string,
): { result: Result } | { failure: Failure } =>
  'result' in answer ? { result: { ...answer.result, notes: [...answer.result.notes, note] } } : answer;
