/**
 * Calls that would meet on one instance, where the analysis is about an instance for each caller: on a host whose embedders
 * use both, and where an import may suspend its caller, the conflicts of the analysis are not all that there can be.
 */
import { HOST_PROFILES } from '../hosts/index.ts';
import { t } from '../text/l10n.ts';
import { listOf, quoted } from '../text/phrases.ts';
import { exportLabel, importLabel } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { meet } from './groups.ts';
import type { Analysis } from './model.ts';
import { effectsOf } from './queries.ts';
import { analysisUnder } from './reuse.ts';

/** Names that a sentence lists. */
const MAX_NAMES = 6;

/** What would meet, and where. */
export interface OneInstance {
  /** Function indices of the imports that may suspend a call or call back. */
  imports: number[];
  /** Positions in `Analysis.exports` of the exports that conflict with one, themselves included, if they do. */
  exports: number[];
}

/** Undefined where callers share an instance anyway, where the host keeps them apart, and where no calls would meet. */
export function onOneInstanceToo(analysis: Analysis): OneInstance | undefined {
  const { model, host, sharing, exports } = analysis;
  if (model !== 'isolated' || !HOST_PROFILES[host].models.includes('cooperative')) return undefined;
  if (!sharing.suspending.includes(true)) return undefined;
  const { groups } = analysisUnder(analysis, 'cooperative');
  const found = groups.filter((group) => groups.some((other) => meet(group, other)));
  if (found.length === 0) return undefined;
  const callers = found.filter(({ interruptible }) => interruptible).map(({ exports: [first] }) => exports[first].func);
  const called = new Set(
    callers.flatMap((func) => effectsOf(analysis, func).map((effect) => analysis.effects[effect].cell)),
  );
  const direct = [...called].flatMap(({ kind, index }) => (kind === 'host' && index !== undefined ? [index] : []));
  return {
    imports: [...new Set(direct)].filter((index) => sharing.suspending[index]).sort((a, b) => a - b),
    exports: found.flatMap((group) => group.exports).sort((a, b) => a - b),
  };
}

/** What to know of them and what to do, sentences for people. */
export function oneInstanceText(module: Module, analysis: Analysis, { imports, exports }: OneInstance): string {
  const names = imports.map((index) => quoted(importLabel(module, index)));
  const through =
    imports.length === 0 ? t('a function that unknown code calls') : listOf(names, MAX_NAMES, 'or', names.length);
  const affected = listOf(
    exports.slice(0, MAX_NAMES).map((position) => quoted(exportLabel(analysis.exports[position]))),
    MAX_NAMES,
    'and',
    exports.length,
  );
  return imports.length > 1
    ? t(
        'The findings are about an instance for each caller. On one instance, calls of {0} conflict if {1} suspend a call or call back: await each of these calls before the next one. Name the imports that suspend with --suspending, or use --model cooperative, to see the conflicts.',
        affected,
        through,
      )
    : t(
        'The findings are about an instance for each caller. On one instance, calls of {0} conflict if {1} suspends a call or calls back: await each of these calls before the next one. Name the imports that suspend with --suspending, or use --model cooperative, to see the conflicts.',
        affected,
        through,
      );
}
