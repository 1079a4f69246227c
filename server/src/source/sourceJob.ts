/** What the main thread asks of a source worker and what comes back. */
import type { HostId, SharingModel } from '../analysis/hosts/profile.ts';
import type { Analysis } from '../analysis/model.ts';
import type { Runner } from '../analysisRunner.ts';
import type { PackedModule } from '../moduleTransfer.ts';
import type { CompileError } from '../wat/compile.ts';
import type { ValidationError } from '../wat/validate.ts';
import type { WatMapData } from '../wat/watMapData.ts';
import type { PackedWat } from '../wat/watTransfer.ts';

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
