/** Declared effects of imports and presets on real threads. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import type { ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { caseSource } from '../../core/stress/testing/caseFiles.ts';
import { hammeredUntil, withPause } from './testing/hammer.ts';

/**
 * The router of explore's cases. Between the host's write and the guest's read the caller that got `/b` pauses: the other
 * one writes either before it, which is a serial outcome, or meanwhile, which is not.
 */
const ROUTER = withPause(
  caseSource('router.wat').replace(
    '(i32.load8_u (i32.const 1025)))',
    `(if (i32.eq (i32.load8_u (i32.const 1025)) (i32.const 98)) (then (call $pause)))
    (i32.load8_u (i32.const 1025)))`,
  ),
);

/** Both kinds of outcome: which of the callers comes first is chance. */
const both = ({ outcomes, wrongRounds }: HammerResult): boolean =>
  wrongRounds > 0 && outcomes.some(({ kind }) => kind === 'serial');

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
    const result = await hammeredUntil(ROUTER, file, both);
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
