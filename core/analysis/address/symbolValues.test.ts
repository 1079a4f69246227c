/** Values that are evaluated again against those that are evaluated from the start. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, random } from '../../testing/random.ts';
import { Base, packed } from '../abstractValue.ts';
import { Symbolic, Symbols } from '../symbols.ts';
import { NOWHERE, PlaceSets } from './placeSets.ts';
import { SymbolValues } from './symbolValues.ts';

const SEEDS = 1500;
/** Calls whose results the symbols of a module are. */
const CALLS = 4;

/** Symbols of three functions, where each starts, and the end: the second one has none. */
function randomSymbols(next: Random): { symbols: Symbols; starts: number[] } {
  const symbols = new Symbols(0);
  const starts: number[] = [];
  for (const count of [1 + next(8), 0, 1 + next(8)]) {
    const first = symbols.rows.length;
    starts.push(first);
    /** A value: of a symbol before `limit`, or none. */
    const value = (limit: number): [base: number, value: number] => {
      const kind = limit > first ? next(5) : next(3);
      if (kind === 0) return [packed(Base.Parameter, next(2)), 4 * next(3)];
      if (kind === 1) return [Base.Constant, next(2) * 2048 + 4 * next(3)];
      if (kind === 2) return [Base.Number, 0];
      return [packed(kind === 3 ? Base.Symbol : Base.ThroughSymbol, first + next(limit - first)), 4 * next(2)];
    };
    for (let s = first; s < first + count; s++) {
      const kind = next(4);
      if (kind === 0) symbols.add(Symbolic.Result, next(CALLS), 0, 0, 0);
      else if (kind === 1) symbols.add(Symbolic.Sum, ...value(s), ...value(s));
      else if (kind === 2) symbols.add(Symbolic.Either, ...value(s), ...value(s));
      else {
        const operands = 1 + next(3);
        symbols.add(Symbolic.Merge, symbols.operands.length, operands, next(2) * 8, 0);
        // The merge of a loop may have any value of the function, its own too.
        const limit = next(2) === 0 ? s : first + count;
        for (let k = 0; k < operands; k++) symbols.operand(...value(limit));
      }
    }
  }
  return { symbols, starts: [...starts, symbols.rows.length] };
}

test('what is evaluated again is what evaluation from the start gives', () => {
  let changes = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const next = random(seed);
    const { symbols, starts } = randomSymbols(next);
    const sets = new PlaceSets({ staticFrom: 1024, nullIsNone: next(2) === 0 });
    const returns = new Int32Array(CALLS).fill(NOWHERE);
    const resultOf = (row: number): number => returns[row];
    const kept = new SymbolValues(symbols, sets, resultOf);
    const ranges = [0, 1, 2].map((f) => [starts[f], starts[f + 1]] as const);
    for (const [first, end] of ranges) kept.evaluate(first, end);
    for (let round = 0; round < 4; round++) {
      const more = next(CALLS);
      returns[more] = sets.joined(returns[more], sets.one(packed(Base.Parameter, next(2)), 4 * next(4)));
      const before = Array.from({ length: symbols.rows.length }, (_, s) => kept.ofSymbol(s));
      const fresh = new SymbolValues(symbols, sets, resultOf);
      for (const [first, end] of ranges) {
        const isOther = kept.evaluateAgain(first, end, (row) => row === more);
        fresh.evaluate(first, end);
        let differs = false;
        for (let s = first; s < end; s++) {
          assert.equal(kept.ofSymbol(s), fresh.ofSymbol(s), `seed ${seed}, round ${round}, symbol ${s}`);
          const changed = kept.ofSymbol(s) !== before[s];
          differs ||= changed;
          if (isOther) assert.equal(kept.isNew(packed(Base.Symbol, s)), changed);
        }
        assert.equal(isOther, differs);
        changes += differs ? 1 : 0;
      }
    }
  }
  assert.ok(changes > SEEDS, `only ${changes} changes`);
});
