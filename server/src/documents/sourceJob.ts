/** What the main thread asks of a source worker and what comes back. */
import type { SourceFailure, SourceModule, SourceRequest, SourceTimes } from '../../../core/source/analyseSource.ts';
import type { PackedWat } from '../../../core/wat/watTransfer.ts';
import type { Runner } from '../threads/analysisRunner.ts';
import type { PackedModule } from '../threads/moduleTransfer.ts';

export interface SourceJob extends SourceRequest {
  /** Bound of all of the work. */
  seconds: number;
}

export interface SourceResult<M = PackedModule> {
  wat: PackedWat;
  /** In the order of the text; one at least. Positions are those of `wat.modules` where that has one. */
  modules: (SourceModule<M> | SourceFailure)[];
  /** Milliseconds. */
  times: SourceTimes;
}

export type SourceRunner = Runner<SourceJob, SourceResult>;
