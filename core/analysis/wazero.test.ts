/**
 * The static analysis agrees with the verdicts of real wazero and Go's race detector (see wazero/README.md): no data
 * race without a conflict, and few conflicts in safe scenarios.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertGolden } from '../testing/golden.ts';
import { type Effect, isAtomic } from './cells.ts';
import { type CallArguments, meetsWith } from './conditions/callConflicts.ts';
import type { Analysis } from './model.ts';
import { analyseBytes, effectText } from './testing/facts.ts';
import {
  WAZERO_FOLDER,
  WAZERO_SCENARIOS,
  type WazeroCall,
  type WazeroScenario,
  wazeroModule,
} from './testing/wazero/verdicts.ts';

type Scenario = WazeroScenario;
type Callers = Scenario['callers'];

const GOLDEN = join(WAZERO_FOLDER, 'flagged-safe.txt');

const analyses = new Map<string, Analysis>();
for (const module of new Set(WAZERO_SCENARIOS.map((s) => s.module))) {
  analyses.set(module, analyseBytes(await wazeroModule(module), { host: 'wazero', model: 'shared-instance' }).analysis);
}

const analysisOf = ({ module }: Scenario): Analysis => analyses.get(module) as Analysis;

/** Position in `Analysis.exports` of the export that a call names. */
function position({ exports }: Analysis, [name]: WazeroCall): number {
  const found = exports.findIndex((e) => e.name === name);
  assert.ok(found >= 0, `no export ${name}`);
  return found;
}

/** Arguments as the evaluation of conditions takes them; an argument that the scenario leaves out may be any value. */
const argumentsOf = ([, ...args]: WazeroCall): CallArguments =>
  args.map((arg) =>
    arg === null ? undefined : typeof arg === 'string' && /^-?\d+$/.test(arg) ? BigInt(arg) : Number(arg),
  );

/** Pairs of effects through which calls of different callers conflict, with the arguments of the scenario. */
function conflictsAmong(analysis: Analysis, callers: Callers): [Effect, Effect][] {
  return callers.flatMap((calls, i) =>
    calls.flatMap((a) =>
      callers
        .slice(i + 1)
        .flat()
        .flatMap((b) =>
          meetsWith(analysis, position(analysis, a), argumentsOf(a), position(analysis, b), argumentsOf(b)),
        )
        .map(({ effects: [e, f] }): [Effect, Effect] => [analysis.effects[e], analysis.effects[f]]),
    ),
  );
}

/** The kind of a cell in the words of the verdicts, which know no stack pointer. */
const kindOf = ({ cell }: Effect): string => (cell.kind === 'stack-pointer' ? 'global' : cell.kind);

describe('every data race that wazero shows is a conflict', () => {
  for (const scenario of WAZERO_SCENARIOS.filter((s) => s.dataRace)) {
    test(scenario.id, () => {
      const variants = [scenario.callers, scenario.callersTwice, scenario.three].filter((v) => v !== null);
      const conflicts = variants.flatMap((callers) => conflictsAmong(analysisOf(scenario), callers));
      const kinds = new Set(conflicts.flat().map(kindOf));
      assert.ok(
        scenario.kinds.some((kind) => kinds.has(kind)),
        `expected one of ${scenario.kinds}, found ${[...kinds].join() || 'no conflict'}`,
      );
    });
  }
});

/** Why the analysis reports a conflict that is not one: the most significant thing that it does not know. */
function gap(conflicts: readonly [Effect, Effect][], effects: readonly Effect[]): string {
  const bases = new Set(conflicts.flat().map(({ cell }) => cell.address?.base));
  if (bases.has('unknown')) return 'the address is computed';
  if (bases.has('parameter')) return 'the address is the argument of a call';
  const hasAtomics = effects.some((effect) => effect.cell.kind === 'memory' && isAtomic(effect));
  return hasAtomics ? 'a lock or an order by atomics guards the cell' : 'the cell is shared';
}

function flagged(scenario: Scenario): string | undefined {
  const analysis = analysisOf(scenario);
  const conflicts = conflictsAmong(analysis, scenario.callers);
  if (conflicts.length === 0) return undefined;
  const texts = new Set(conflicts.map((pair) => pair.map(effectText).sort().join(' | ')));
  return `${scenario.id}: ${gap(conflicts, analysis.effects)}\n${[...texts].map((t) => `    ${t}\n`).join('')}`;
}

describe('safe scenarios', () => {
  const safe = WAZERO_SCENARIOS.filter((s) => s.verdict === 'safe');
  const found = safe.map(flagged).filter((text) => text !== undefined);

  test('at least two thirds are not flagged', (t) => {
    t.diagnostic(`${safe.length - found.length} of ${safe.length} safe scenarios are not flagged`);
    for (const text of found) t.diagnostic(text.split('\n')[0]);
    assert.ok(safe.length > 20);
    assert.ok(3 * (safe.length - found.length) >= 2 * safe.length, `${found.length} of ${safe.length} are flagged`);
  });

  test('those that are flagged, and why', () => {
    const text = `${safe.length - found.length} of ${safe.length} safe scenarios are not flagged. The others:\n\n${found.join('')}`;
    assertGolden(GOLDEN, text);
  });
});
