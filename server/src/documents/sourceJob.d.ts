/** What the main thread asks of a source worker and what comes back. */

import type { Analysis } from '../../../core/analysis/model.ts';
import type { HostId, SharingModel } from '../../../core/hosts/profile.ts';
import type { CompileError } from '../../../core/wat/compile.ts';
import type { ValidationError } from '../../../core/wat/validate.ts';
import type { WatMapData } from '../../../core/wat/watMapData.ts';
import type { PackedWat } from '../../../core/wat/watTransfer.ts';
import type { Runner } from '../threads/analysisRunner.ts';
import type { PackedModule } from '../threads/moduleTransfer.ts';
export interface SourceJob {
  text: string;
  /** Several modules and commands between them (`.wast`): each module with text is compiled by itself. */
  script: boolean;
  host: HostId;
  model: SharingModel | 'auto';
  /** Bound of all of the work. */
  seconds: number;
}
/** A module that compiled. It may still be invalid. */
export interface SourceModule<M> {
  kind: 'compiled';
  module: M;
  analysis: Analysis;
  map: WatMapData;
  invalid: ValidationError | undefined;
}
/** One that did not. The place is one of the whole text. */
export interface SourceFailure {
  kind: 'failed';
  error: CompileError;
}
export interface SourceTimes {
  compile: number;
  validate: number;
  analyse: number;
  read: number;
  map: number;
}
export interface SourceResult<M = PackedModule> {
  wat: PackedWat;
  /** In the order of the text; one at least. Positions are those of `wat.modules` where that has one. */
  modules: (SourceModule<M> | SourceFailure)[];
  /** Milliseconds. */
  times: SourceTimes;
}
export type SourceRunner = Runner<SourceJob, SourceResult>;
