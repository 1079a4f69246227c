/** A module as a row of a list: its verdict in a few words, and what was found. */
import { moduleStanding } from '../../../../core/report/shown/moduleStanding.ts';
import { addressOf } from '../../../../core/source/coreModules.ts';
import { t } from '../../../../core/text/l10n.ts';
import { decodeComponent } from '../../../../core/wasm/component/decodeComponent.ts';
import { DEFAULT_SETTINGS } from '../../defaultSettings.ts';
import { Unavailable } from '../../documents/liveDocument.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import type { DocumentStore } from '../../documents/store.ts';
import { summaryOf } from '../../documents/summary.ts';
import type { ModuleRow, ModuleSummary } from '../../protocol.ts';
import { plainText } from './plainText.ts';

/** Core modules of a component that are listed. */
const MAX_CORE_MODULES = 1000;

/** Answers `wasmHazards/moduleRow`: analyses the module if necessary. A file that cannot be read is a row, too. */
export async function moduleRow(store: Pick<DocumentStore, 'module' | 'summary'>, uri: string): Promise<ModuleRow> {
  try {
    const doc = await store.module(uri);
    return rowOf(doc, store.summary(uri));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return brokenRow(uri, store.summary(uri), error.message);
  }
}

/** The row of an analysed module. `summary`: that of its document, where there is one. */
export function rowOf(doc: ModuleDocument, summary: ModuleSummary | undefined): ModuleRow {
  const { module, analysis, settings, uri } = doc;
  const known = summary ?? summaryOf({ uri, modules: [doc], bytes: module.bytes.length, milliseconds: 0, settings });
  const rest = factsOf(known);
  if (module.kind === 'component') {
    const { modules } = decodeComponent(module.bytes);
    const coreModules = modules.slice(0, MAX_CORE_MODULES).map((one) => addressOf(uri, one));
    return { ...rest, tone: 'component', words: t('Component'), sentences: [], coreModules };
  }
  if (module.kind === 'unknown' || (module.errors.length > 0 && analysis.exports.length === 0))
    return brokenRow(uri, known, known.problem ?? '');
  const { tone, words, line } = moduleStanding(doc);
  return {
    ...rest,
    tone,
    words,
    sentences: [line],
    stale: doc.source?.isCurrent() === false && known.problem !== undefined,
  };
}

function brokenRow(uri: string, summary: ModuleSummary | undefined, problem: string): ModuleRow {
  const known = summary ?? summaryOf({ uri, modules: [], bytes: 0, milliseconds: 0, settings: DEFAULT_SETTINGS });
  return { ...factsOf({ ...known, problem }), tone: 'broken', words: t('Cannot be analysed'), sentences: [] };
}

function factsOf(summary: ModuleSummary): Omit<ModuleRow, 'tone' | 'words' | 'sentences'> {
  const { problem, host, model, exports, hazards, stress } = summary;
  return {
    problem: problem === undefined ? undefined : plainText(problem),
    stale: false,
    host,
    model,
    exports,
    hazards,
    stress,
    coreModules: [],
  };
}
