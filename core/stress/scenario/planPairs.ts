/** Which pairs of exports a plan tests, the surest conflicts first, and which it leaves out. */

import { type AtomicMeeting, atomicPairs } from '../../analysis/atomicPairs.ts';
import { CONFIDENCES, confidenceRank } from '../../analysis/confidence.ts';
import { lifeOf } from '../../analysis/life/life.ts';
import type { Analysis, ExportSummary } from '../../analysis/model.ts';
import { onOneInstanceToo } from '../../analysis/oneInstance.ts';
import { pairConfidence } from '../../analysis/pairConfidence.ts';
import { analysisUnder } from '../../analysis/reuse.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { t } from '../../text/l10n.ts';
import { listOf, plural, quoted } from '../../text/phrases.ts';
import { exportLabel, sourceName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { isNullable, isRef, V128 } from '../../wasm/types.ts';
import { functionType } from './usage/functionType.ts';

/** Most pairs of exports that are considered. */
const MAX_PAIRS = 20_000;

/** Which pairs are wanted. */
export interface PairOptions {
  model: SharingModel | 'auto';
  /** Only pairs with this export, and with `other` the pair of both. */
  exportName?: string;
  other?: string;
  /** Positions of exports whose calls trap with all arguments that were tried: planned only if nothing else is. */
  futile?: ReadonlySet<number>;
}

/** The pairs to test. */
export interface Pairs {
  /** Positions in `Analysis.exports`, `a <= b`; the most valuable first. */
  pairs: { a: number; b: number }[];
  /** Number of pairs that are left out because calls of one of them always trap. */
  untested: number;
  /** What was omitted and why, a sentence each. */
  notes: string[];
}

/** Exports for glue code that never are what an embedder calls: calls through the table, embind's type names, error numbers. */
const isHelper = (exported: ExportSummary): boolean =>
  /^_?dynCall_|^_*embind_|^__getTypeName$|^_?fflush$|^_{2,3}errno_location$|^__wbindgen_(?:add_to_stack_pointer|exn_store|describe)|^__externref_/.test(
    sourceName(exported),
  );

/** The pairs that conflict, surest first, then those that meet in atomic accesses; those with an allocator last. */
export function plannedPairs(
  module: Module,
  analysis: Analysis,
  options: PairOptions,
  allocators: ReadonlySet<number>,
): Pairs {
  const notes: string[] = [];
  const { exports } = analysis;
  const confidence = pairConfidence(analysis);
  // Runs of a model that nobody chose look at one instance, too.
  const oneInstance =
    options.model === 'auto' && onOneInstanceToo(analysis) !== undefined
      ? pairConfidence(analysisUnder(analysis, 'cooperative'))
      : undefined;
  const meetInAtomics = atomicPairs(analysis);
  // Any two calls of one instance are a hazard to the host.
  const anyTwo =
    analysis.model === 'shared-instance' && HOST_PROFILES[analysis.host].hostHazards['overlapping-calls'] !== undefined;
  const uncallable = new Set(exports.flatMap((e, i) => (isCallable(module, e.func) ? [] : [i])));
  const { futile = new Set<number>() } = options;
  const life = lifeOf(module, analysis).exports;
  const aside = (i: number) => life.has(exports[i].name) || isHelper(exports[i]);
  const others = exports.filter((_, i) => !uncallable.has(i) && !aside(i));
  const othersExist = others.length > 0;
  const someReturn = exports.some((_, i) => !uncallable.has(i) && !aside(i) && !futile.has(i));
  const leftOut = (i: number) =>
    someReturn && futile.has(i) && exports[i].name !== options.exportName && exports[i].name !== options.other;
  const excluded = (i: number) =>
    uncallable.has(i) || analysis.sharing.asyncifyFunctions.includes(exports[i].func) || (othersExist && aside(i));
  const found: { a: number; b: number; rank: number }[] = [];
  let looked = 0;
  let untested = 0;
  for (let a = 0; a < exports.length && looked < MAX_PAIRS; a++) {
    for (let b = a; b < exports.length && looked < MAX_PAIRS; b++) {
      if (!isWanted(exports[a].name, exports[b].name, options)) continue;
      if (excluded(a) || excluded(b)) continue;
      looked++;
      const groups = [exports[a].group, exports[b].group] as const;
      const sure = confidence.of(...groups) ?? oneInstance?.of(...groups);
      const meeting = sure === undefined ? meetInAtomics(a, b) : undefined;
      if (sure === undefined && meeting === undefined && !anyTwo) continue;
      if (leftOut(a) || leftOut(b)) {
        untested++;
        continue;
      }
      const rank = sure !== undefined ? confidenceRank(sure) : CONFIDENCES.length + atomicRank(meeting, a === b);
      // That an allocator conflicts with everything that allocates says little of it.
      const beside = a !== b && (allocators.has(a) || allocators.has(b)) ? CONFIDENCES.length * 4 + 8 : 0;
      found.push({ a, b, rank: rank * 2 + (a === b ? 0 : 1) + beside });
    }
  }
  if (looked >= MAX_PAIRS) notes.push(t('Only the first {0} pairs of exports were considered.', MAX_PAIRS));
  if (uncallable.size > 0)
    notes.push(
      t(
        '{0} cannot be called from JavaScript because of v128 or non-null references.',
        plural(uncallable.size, 'export'),
      ),
    );
  const silent = [...futile].filter(leftOut);
  const untried = listOf(
    silent.map((i) => quoted(exportLabel(module.exports[exports[i].exportIndex]))),
    4,
  );
  if (silent.length > 0)
    notes.push(
      silent.length === 1
        ? t(
            'Not tested: {0} traps with all arguments that were tried. Write a scenario with a valid call: Create scenario in the editor, option --call on the command line.',
            untried,
          )
        : t(
            'Not tested: {0} trap with all arguments that were tried. Write a scenario with a valid call: Create scenario in the editor, option --call on the command line.',
            untried,
          ),
    );
  const own = exports.findIndex((e) => e.name === options.exportName);
  const other = options.other === undefined ? own : exports.findIndex((e) => e.name === options.other);
  if (found.length === 0 && own >= 0 && other >= 0 && !excluded(own) && !excluded(other))
    found.push({ a: Math.min(own, other), b: Math.max(own, other), rank: 0 });
  return { pairs: found.sort((x, y) => x.rank - y.rank || x.a - y.a || x.b - y.b), untested, notes };
}

/** Wait and notify first, then different exports, then an export with itself. */
function atomicRank(meeting: AtomicMeeting | undefined, self: boolean): number {
  if (meeting === 'wake') return 0;
  if (meeting === undefined) return 3;
  return self ? 2 : 1;
}

/** Whether a pair is one that was asked for. */
export function isWanted(a: string, b: string, { exportName, other }: PairOptions): boolean {
  if (exportName === undefined) return true;
  if (other === undefined) return a === exportName || b === exportName;
  return (a === exportName && b === other) || (a === other && b === exportName);
}

/** Whether JavaScript can call a function. */
export function isCallable(module: Module, func: number): boolean {
  const { params, results } = functionType(module, func);
  return [...params, ...results].every((type) => type !== V128 && (!isRef(type) || isNullable(type)));
}
