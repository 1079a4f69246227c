/** The check of summaries notices a wrong one: random modules with analyses that were made worse on purpose. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { Address, Effect } from '../../../analysis/cells.ts';
import type { Analysis } from '../../../analysis/model.ts';
import { analyseBytes } from '../../../analysis/testing/facts.ts';
import { pointerProgram } from '../../../analysis/testing/pointerPrograms.ts';
import { random } from '../../../testing/random.ts';
import { type PointerTally, uncoveredOf } from './pointerRuns.ts';

const MODULES = 40;

/** The analysis with another address for the effects where `change` gives one; undefined if there are none. */
function withAddresses(analysis: Analysis, change: (address: Address) => Address | undefined): Analysis | undefined {
  let changed = false;
  const effects = analysis.effects.map((effect): Effect => {
    const { address } = effect.cell;
    const other = address === undefined || effect.cell.kind !== 'memory' ? undefined : change(address);
    if (other === undefined) return effect;
    changed = true;
    return { ...effect, cell: { ...effect.cell, address: other } };
  });
  return changed ? { ...analysis, effects } : undefined;
}

/** The analysis without one effect on memory. */
function without(analysis: Analysis, effect: number): Analysis {
  const { words } = analysis;
  const reached = analysis.reached.map((word, i) => (i % words === effect >> 5 ? word & ~(1 << (effect & 31)) : word));
  return { ...analysis, reached };
}

interface Damage {
  /** Of the broken analyses, so many in a hundred are noticed at least; effects cover for each other. */
  noticed: number;
  make(analysis: Analysis, pick: (bound: number) => number): Analysis | undefined;
}

const BROKEN: Readonly<Record<string, Damage>> = {
  'an effect is missing': {
    noticed: 15,
    make: (analysis, pick) => {
      const memory = analysis.effects.flatMap(({ cell }, id) => (cell.kind === 'memory' ? [id] : []));
      return without(analysis, memory[pick(memory.length)]);
    },
  },
  'ranges are a byte too short': {
    noticed: 90,
    make: (analysis) =>
      withAddresses(analysis, (address) =>
        (address.base === 'static' || address.base === 'parameter') &&
        address.start !== undefined &&
        address.end !== undefined
          ? { ...address, end: address.end - 1 }
          : undefined,
      ),
  },
  'a static range is moved': {
    noticed: 30,
    make: (analysis) =>
      withAddresses(analysis, (address) =>
        address.base === 'static' ? { ...address, start: address.start + 4, end: address.end + 4 } : undefined,
      ),
  },
  'what is not known is taken for a fresh block': {
    noticed: 90,
    make: (analysis) =>
      withAddresses(analysis, ({ base }) =>
        base === 'unknown' || base === 'parameter' || base === 'contents' ? { base: 'fresh' } : undefined,
      ),
  },
  'a parameter is taken for the one after it': {
    noticed: 90,
    make: (analysis) =>
      withAddresses(analysis, (address) =>
        address.base === 'parameter' ? { ...address, parameter: (address.parameter + 1) % 3 } : undefined,
      ),
  },
  'frames are taken for fresh blocks': {
    noticed: 90,
    make: (analysis) => withAddresses(analysis, ({ base }) => (base === 'stack' ? { base: 'fresh' } : undefined)),
  },
  'static data is taken for frames': {
    noticed: 40,
    make: (analysis) => withAddresses(analysis, ({ base }) => (base === 'static' ? { base: 'stack' } : undefined)),
  },
};

for (const [what, { noticed: least, make }] of Object.entries(BROKEN))
  test(what, async () => {
    let broken = 0;
    let noticed = 0;
    for (let seed = 0; seed < MODULES; seed++) {
      const next = random(seed);
      const program = pointerProgram(next);
      const { module, analysis } = analyseBytes(await parse(program.text));
      const damaged = make(analysis, next);
      if (damaged === undefined) continue;
      broken++;
      const tally: PointerTally = { calls: 0, traps: 0, accesses: 0, claims: {} };
      if (uncoveredOf(program, module, damaged, next, tally).length > 0) noticed++;
    }
    assert.ok(broken > MODULES / 2 && noticed * 100 > broken * least, `noticed ${noticed} of ${broken}`);
  });
