/** Turns a worker's result for a source into documents for features. */

import type { DetectedHost } from '../../../../core/hosts/detect.ts';
import { HOST_PROFILES } from '../../../../core/hosts/index.ts';
import { NOTHING_SHOWN } from '../../../../core/report/shown/shownPairs.ts';
import type { SourceModule } from '../../../../core/source/analyseSource.ts';
import { t } from '../../../../core/text/l10n.ts';
import type { Module } from '../../../../core/wasm/module.ts';
import { hex } from '../../../../core/wasm/printer/numbers.ts';
import { watSourceMap } from '../../../../core/wat/watSourceMap.ts';
import type { Settings } from '../../protocol.ts';
import type { SourceResult } from '../../threads/jobs.ts';
import { unpackModule } from '../../threads/moduleTransfer.ts';
import { NO_SOURCES } from '../lazySources.ts';
import type { ModuleDocument, SourceText } from '../moduleDocument.ts';

/** What all modules of a source have in common. `lineStarts` are those of the analysed text. */
export interface SourceContext {
  uri: string;
  lineStarts: Uint32Array;
  host: DetectedHost;
  settings: Settings;
}

/** URI of the n-th module of a source. */
const moduleUri = (uri: string, index: number): string => (index === 0 ? uri : `${uri}#${index}`);

/** Inverse of `moduleUri`. */
export function splitModuleUri(uri: string): { uri: string; index: number } {
  const match = /^(.*)#(\d+)$/s.exec(uri);
  return match === null ? { uri, index: 0 } : { uri: match[1], index: Number(match[2]) };
}

/** The document of one module of a source. `read` is our reader's view of the text. */
export function sourceModule(
  found: SourceModule<Module>,
  read: Omit<SourceText, 'fieldStart'>,
  context: SourceContext,
): ModuleDocument {
  const { module, analysis } = found;
  const { uri, lineStarts, host, settings } = context;
  const map = watSourceMap(found.map, read.wat, module, lineStarts);
  return {
    uri: moduleUri(uri, read.index),
    textUri: uri,
    module,
    analysis,
    profile: HOST_PROFILES[analysis.host],
    hostReason: host.reason,
    text: read.wat.text,
    lineStarts,
    map,
    settings,
    shown: NOTHING_SHOWN,
    sources: NO_SOURCES,
    source: { ...read, fieldStart: map.fieldStart },
    place(offset) {
      const range = map.rangeOf(offset);
      return range === undefined ? hex(offset) : t('line {0}', range.start.line + 1);
    },
  };
}

/** Unpacks the modules of a result. */
export const unpackModules = ({ modules }: SourceResult): SourceResult<Module>['modules'] =>
  modules.map((one) => (one.kind === 'failed' ? one : { ...one, module: unpackModule(one.module) }));
