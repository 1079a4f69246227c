/** Names of the binary in sentences become those of the source. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renamed } from './renamed.ts';

const NAMES = new Map([
  ['$bump', 'counter::bump'],
  ['$bump.1', 'counter::bump_all'],
  ['$assembly/index/hits', 'hits ($assembly/index/hits)'],
  ['bump', 'never'],
]);

const CASES: readonly (readonly [text: string, told: string])[] = [
  ['last seen: B in $bump', 'last seen: B in counter::bump'],
  ['Last seen in `$bump`. Then $bump.', 'Last seen in `counter::bump`. Then counter::bump.'],
  ['$bump.1, $bump.12 and $bumper', 'counter::bump_all, $bump.12 and $bumper'],
  ['a$bump, $$bump and bump', 'a$bump, $$bump and bump'],
  ['$bump $bump', 'counter::bump counter::bump'],
  ['on $assembly/index/hits, in', 'on hits ($assembly/index/hits), in'],
  ['$assembly/index/hits/more', '$assembly/index/hits/more'],
  ['hits ($assembly/index/hits) again', 'hits ($assembly/index/hits) again'],
  ['nothing to do', 'nothing to do'],
];

for (const [text, told] of CASES) test(text, () => assert.equal(renamed(text, NAMES), told));

test('a text of dollar signs takes no time', () => assert.equal(renamed('$'.repeat(200_000), NAMES).length, 200_000));
