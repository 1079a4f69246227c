/** Summaries for the status bar. That of a source adds up its modules. */

import type { ExportClass } from '../../../core/analysis/model.ts';
import type { DetectedHost } from '../../../core/hosts/detect.ts';
import { DEFAULT_HOST, HOST_PROFILES } from '../../../core/hosts/index.ts';
import { moduleStanding, TONES } from '../../../core/report/shown/moduleStanding.ts';
import { type ExportStanding, exportStanding } from '../../../core/report/shown/standing.ts';
import { fileName } from '../../../core/source/binary.ts';
import { t } from '../../../core/text/l10n.ts';
import { hex } from '../../../core/wasm/printer/numbers.ts';
import { shownHazards } from '../features/settings.ts';
import type { ModuleSummary, Settings, StressSummary } from '../protocol.ts';
import type { ModuleDocument } from './moduleDocument.ts';

/** What a summary is made from. */
export interface Summarised {
  uri: string;
  /** The analysed modules. */
  modules: readonly ModuleDocument[];
  /** Size of the binary, or of all binaries that the source compiled to. */
  bytes: number;
  milliseconds: number;
  settings: Settings;
  /** The host that was chosen, if one was. */
  host?: DetectedHost;
  /** One sentence that takes precedence over the problems of the modules. */
  problem?: string;
}

/** Adds up the counts of all modules. Host and model are those of the first; without any, those that would be used. */
export function summaryOf({ uri, modules, bytes, milliseconds, settings, host, problem }: Summarised): ModuleSummary {
  const [first] = modules;
  const id = first?.analysis.host ?? (settings.host === 'auto' ? (host?.host ?? DEFAULT_HOST) : settings.host);
  const sum: ModuleSummary = {
    uri,
    about: 'analysis',
    host: id,
    hostReason: first?.hostReason ?? host?.reason ?? t('no module was analysed'),
    model: first?.analysis.model ?? HOST_PROFILES[id].defaultModel(false),
    bytes,
    functions: 0,
    exports: 0,
    verdict: verdictOf(modules),
    withoutConflicts: 0,
    stress: { ran: 0, found: {}, clean: 0 },
    classes: noClasses(),
    hazards: { error: 0, warning: 0, information: 0 },
    problem: problem ?? modules.map(problemOf).find((one) => one !== undefined),
    milliseconds,
  };
  for (const module of modules) add(sum, module);
  return sum;
}

/** That of the worst module. */
function verdictOf(modules: readonly ModuleDocument[]): ModuleSummary['verdict'] {
  const [worst] = modules
    .filter(({ module }) => module.kind === 'module')
    .map((doc) => moduleStanding(doc))
    .sort((a, b) => TONES.indexOf(a.tone) - TONES.indexOf(b.tone));
  return worst === undefined ? undefined : { tone: worst.tone, words: worst.words, line: worst.line };
}

const noClasses = (): Record<ExportClass, number> => ({
  pure: 0,
  'reads-only': 0,
  stateful: 0,
  grows: 0,
  synchronised: 0,
  'host-dependent': 0,
});

function add(sum: ModuleSummary, doc: ModuleDocument): void {
  const { exports } = doc.analysis;
  sum.functions += doc.module.functions.typeIndex.length;
  sum.exports += exports.length;
  exports.forEach((one, position) => {
    sum.classes[one.class] += 1;
    const standing = doc.shown.runs.length === 0 ? undefined : exportStanding(doc, position);
    if (standing) addStanding(sum.stress, standing);
    if (one.conflictCount === 0 && one.class !== 'host-dependent' && standing?.found === undefined)
      sum.withoutConflicts += 1;
    for (const { severity } of shownHazards(doc, position)) {
      if (severity === 'error' || severity === 'warning' || severity === 'information') sum.hazards[severity] += 1;
    }
  });
}

function addStanding(stress: StressSummary, { ran, found, clean }: ExportStanding): void {
  if (ran) stress.ran += 1;
  if (clean) stress.clean += 1;
  if (found !== undefined) stress.found[found] = (stress.found[found] ?? 0) + 1;
}

/** Why a module is malformed or its analysis incomplete, in one sentence. */
function problemOf({ module, analysis, uri }: ModuleDocument): string | undefined {
  const name = fileName(uri);
  if (module.kind === 'component') return t('{0} is a component; open the core modules that its text lists.', name);
  if (module.bytes.length === 0) return t('{0} is empty.', name);
  if (module.kind === 'unknown') return t('{0} is not a WebAssembly binary.', name);
  if (module.errors.length > 0) {
    const [{ message, offset, isInvalid }] = module.errors;
    const what = isInvalid ? t('{0} is {1}', name, message) : t('Malformed: {0}', message);
    const more = module.errors.length - 1;
    if (more === 0) return t('{0} at {1}.', what, hex(offset));
    return t('{0} at {1}, and {2} more errors.', what, hex(offset), more);
  }
  return analysis.partial;
}
