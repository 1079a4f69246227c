/** What the status bar says of a module. */

import type { ExportClass } from '../../../core/analysis/model.ts';
import { DEFAULT_HOST, HOST_PROFILES } from '../../../core/hosts/index.ts';
import { fileName } from '../../../core/source/binary.ts';
import { shownHazards } from '../features/settings.ts';
import type { ModuleSummary, Settings } from '../protocol.ts';
import type { DocumentState } from './documentState.ts';
import type { ModuleDocument } from './moduleDocument.ts';

const noClasses = (): Record<ExportClass, number> => ({
  pure: 0,
  'reads-only': 0,
  stateful: 0,
  grows: 0,
  synchronised: 0,
  'host-dependent': 0,
});

/** Of what could not be analysed. */
export const emptySummary = (
  known: Pick<ModuleSummary, 'uri' | 'host' | 'hostReason' | 'model' | 'bytes'>,
): ModuleSummary => ({
  ...known,
  functions: 0,
  exports: 0,
  safe: 0,
  classes: noClasses(),
  hazards: { error: 0, warning: 0, information: 0 },
  problem: undefined,
  milliseconds: 0,
});

export function summaryOf(state: DocumentState, settings: Settings): ModuleSummary {
  if (state.kind === 'unreadable') {
    const host = settings.host === 'auto' ? DEFAULT_HOST : settings.host;
    const model = HOST_PROFILES[host].defaultModel(false);
    const known = { uri: state.uri, host, hostReason: 'nothing was analysed', model, bytes: state.bytes };
    return { ...emptySummary(known), problem: state.message };
  }
  const classes = noClasses();
  const hazards = { error: 0, warning: 0, information: 0 };
  const { doc } = state;
  const { analysis, module } = doc;
  let safe = 0;
  analysis.exports.forEach((one, position) => {
    classes[one.class] += 1;
    if (one.conflictCount === 0 && one.class !== 'host-dependent') safe += 1;
    for (const { severity } of shownHazards(doc, position)) {
      if (severity === 'error' || severity === 'warning' || severity === 'information') hazards[severity] += 1;
    }
  });
  return {
    uri: doc.uri,
    host: analysis.host,
    hostReason: doc.hostReason,
    model: analysis.model,
    bytes: state.bytes,
    functions: module.functions.typeIndex.length,
    exports: analysis.exports.length,
    safe,
    classes,
    hazards,
    problem: problemOf(doc),
    milliseconds: state.milliseconds,
  };
}

/** Malformed or partial, in one sentence. */
function problemOf({ module, analysis, uri }: ModuleDocument): string | undefined {
  const name = fileName(uri);
  if (module.kind === 'component') return `${name} is a component; open the core modules inside it.`;
  if (module.bytes.length === 0) return `${name} is empty.`;
  if (module.kind === 'unknown') return `${name} is not a WebAssembly binary.`;
  if (module.errors.length > 0) {
    const [{ message, offset }] = module.errors;
    const more = module.errors.length > 1 ? `, and ${module.errors.length - 1} more errors` : '';
    return `Malformed: ${message} at 0x${offset.toString(16)}${more}.`;
  }
  return analysis.partial;
}
