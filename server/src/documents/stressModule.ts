/** What a stress run needs of a module: its bytes and analysis, how it is shared, its exports and their conflicts. */
import { partnersOf } from '../../../core/analysis/queries.ts';
import { mayHaveSource } from '../../../core/debug/debugInfo.ts';
import { toBase64 } from '../../../core/text/base64.ts';
import type { StressModule } from '../protocol.ts';
import type { ModuleDocument } from './moduleDocument.ts';
import type { Platform } from './platform.ts';

const MAX_STRESS_EXPORTS = 1000;
const MAX_STRESS_PARTNERS = 20;

/** Answers `wasmHazards/stressModule`, with at most 1,000 exports and 20 partners of each. */
export function stressModule(
  { module, analysis }: Pick<ModuleDocument, 'module' | 'analysis'>,
  { packed }: Pick<Platform, 'packed'>,
): StressModule {
  const { exports, host, model } = analysis;
  // Exports of one group have the same partners, and large modules have few groups.
  const byGroup = new Map<number, string[]>();
  const partners = (position: number): string[] => {
    const { group } = exports[position];
    const known =
      byGroup.get(group) ??
      partnersOf(analysis, position)
        .slice(0, MAX_STRESS_PARTNERS)
        .map((partner) => exports[partner].name);
    byGroup.set(group, known);
    return known;
  };
  const bytes = packed(analysis);
  return {
    bytes: toBase64(module.bytes),
    analysis: bytes === undefined ? null : toBase64(bytes),
    host,
    model,
    mayHaveSource: mayHaveSource(module),
    exports: exports.slice(0, MAX_STRESS_EXPORTS).map(({ name, symbol, exportIndex }, position) => ({
      name,
      symbol,
      offset: module.exports[exportIndex].offset,
      partners: partners(position),
    })),
  };
}
