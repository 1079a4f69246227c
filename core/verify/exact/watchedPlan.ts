/** A plan whose module tells the driver of each access, and the file of the driver that listens. */

import { t } from '../../text/l10n.ts';
import { DecodeFailure } from '../../wasm/cursor.ts';
import { decodeModule } from '../../wasm/decode.ts';
import type { PlannedVerify } from '../plan.ts';
import { withExportedGlobals } from '../stateExports.ts';
import { sitesGo } from './sitesGo.ts';
import { watchedModule } from './watchedModule.ts';
import type { WatchedSite } from './watchedSites.ts';

/** What a watched run needs. */
export interface WatchedPlan {
  planned: PlannedVerify;
  sites: WatchedSite[];
  /** Contents of `sites.go`, which take the place of the driver's own. */
  go: string;
}

/** Rewrites the module of a plan; a sentence where that is not possible. `name`: of the module. */
export function watchedPlan(planned: PlannedVerify, name: string): WatchedPlan | { refusal: string } {
  const { module, analysis, called, model } = planned.prepared;
  try {
    const watched = watchedModule(module, analysis, called);
    if ('refusal' in watched) return watched;
    const { text, notes } = sitesGo(module, watched, name, model);
    const globals = module.globals.flatMap(({ mutable }, index) => (mutable ? [index] : []));
    const bytes = withExportedGlobals(decodeModule(watched.bytes), globals);
    const files = new Map([...planned.files, [planned.plan.wasm, bytes]]);
    return { planned: { ...planned, files, notes }, sites: watched.sites, go: text };
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    return { refusal: t('The module could not be rewritten: {0}.', error.message) };
  }
}
