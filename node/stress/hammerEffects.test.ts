/** Declared effects of imports and presets on real threads. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import type { ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { caseSource } from '../../core/stress/testing/caseFiles.ts';
import { hammeredUntil } from './testing/hammer.ts';

/** The router of explore's cases; between the host's write and the guest's read it works for a while. */
const ROUTER = caseSource('router.wat').replace(
  '(i32.load8_u (i32.const 1025)))',
  `(call $work) (i32.load8_u (i32.const 1025)))
  (func $work (local $i i32)
    (local.set $i (i32.const 20000))
    (loop $l (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))`,
);

const wrong = ({ wrongRounds }: HammerResult): boolean => wrongRounds > 0;

describe('a host that fills a buffer of the guest', () => {
  test('mixes up threads: each writes for its caller', async () => {
    const file: ScenarioFile = {
      callers: [[['route']], [['route']]],
      imports: {
        'http_handler.get_uri': {
          perCaller: [
            { writes: [{ at: '$0', utf8: '/a', max: '$1' }], returns: 2 },
            { writes: [{ at: '$0', utf8: '/b', max: '$1' }], returns: 2 },
          ],
        },
      },
    };
    const result = await hammeredUntil(ROUTER, file, wrong);
    const seen = result.outcomes.map(({ kind, results }) => `${kind} ${results.flat().join()}`);
    assert.ok(
      seen.includes('serial 97,98') && seen.some((text) => /^(?!serial).* (97,97|98,98)$/.test(text)),
      seen.join(),
    );
  });

  test('is emulated by a preset in each thread, which the result says', async () => {
    const result = await hammeredUntil(ROUTER, { callers: [[['route']], [['route']]] }, ({ rounds }) => rounds >= 50);
    assert.ok(
      result.outcomes.some(({ results }) => results.flat().join() === '97,98'),
      JSON.stringify(result.outcomes),
    );
    assert.ok(
      result.notes.some((note) => note.includes('Calls of imported functions that belong to outcomes of exploration')),
      result.notes.join('\n'),
    );
  });
});
