/** A module that is ready for one scenario: what executions work on and results are read from. */

import type { Analysis } from '../../analysis/model.ts';
import type { HostProfile, SharingModel } from '../../hosts/profile.ts';
import type { Module } from '../../wasm/module.ts';
import type { HostFunctions } from '../imports/hostFunctions.ts';
import type { Instrumented } from '../instrument/instrument.ts';
import type { Accesses } from '../run/accesses.ts';
import type { Caller, CallerCall } from '../run/caller.ts';
import type { Growth } from '../run/growth.ts';
import type { History } from '../run/history.ts';
import type { Machine } from '../run/machine.ts';
import type { Ranges } from '../run/ranges.ts';
import type { Scheduler } from '../run/scheduler.ts';
import type { Comparison } from '../scenario/comparison.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Interruptions } from './interruptions.ts';

/** A module that is ready to run one scenario. */
export interface Session {
  module: Module;
  analysis: Analysis;
  scenario: Scenario;
  profile: HostProfile;
  model: SharingModel;
  instrumented: Instrumented;
  machine: Machine;
  scheduler: Scheduler;
  accesses: Accesses;
  ranges: Ranges;
  growth: Growth;
  history: History;
  host: HostFunctions;
  callers: Caller[];
  interruptions: Interruptions;
  probe: CallerCall[];
  /** What outcomes are compared by. */
  comparison: Comparison;
  /** Instances after the first have blocks of their own in the memory that they share: thread-local storage. */
  threadStorage: boolean;
  /** Stack pointer in the base state, NaN if there is none. */
  stackBase: number;
  /** What the user should know of how the module was set up. */
  notes: string[];
}
