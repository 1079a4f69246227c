/**
 * Faults that are known and wait to be mended. The test says when one of these is gone, so the lists only shrink: take
 * it off then. Never add one.
 */

import type { FaultKind } from './project.ts';

export const KNOWN_FAULTS: Readonly<Record<FaultKind, readonly string[]>> = {
  circles: [],
  layers: [],
  doubleNames: [
    'AnalyseOptions',
    'Verdict',
    'adviceOf',
    'definitionOffset',
    'functionAt',
    'isMnemonic',
    'readLimits',
    'shorten',
    'tokenAt',
  ],
  reexports: [
    'core/wasm/instructions.ts re-exports core/wasm/ops.ts',
    'core/wasm/printer.ts re-exports core/wasm/printer/lines.ts',
    'core/wasm/printer.ts re-exports core/wasm/printer/options.ts',
    'core/wat/lookup.ts re-exports core/wat/moduleDraft.ts',
    'core/wat/model.ts re-exports core/wasm/printer/ids.ts',
  ],
  unusedExports: [
    'core/analysis/abstractValue.ts MAX_TRACKED_INDEX',
    'core/analysis/hazards.ts MAX_HAZARDS_PER_RULE',
    'core/analysis/hazards.ts cellConfidence',
    'core/analysis/hazards.ts worstFirst',
    'core/analysis/queries.ts witness',
    'core/wasm/decode.ts SECTION_NAMES',
    'core/wasm/decode.ts asDecodeError',
    'core/wasm/decode.ts readSections',
    'core/wasm/printer/lines.ts indent',
    'core/wasm/sections/types.ts MAX_ARITY',
    'core/wasm/webassemblyjs.ts slimModule',
    'core/wat/labels.ts blockOfLabel',
    'core/wat/lookup.ts functionAt',
    'core/wat/lookup.ts instructionAt',
    'core/wat/lookup.ts localIn',
    'core/wat/lookup.ts moduleAt',
    'core/wat/moduleDraft.ts isExternal',
  ],
};
