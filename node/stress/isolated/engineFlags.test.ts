/** Processes start with the flags of the engine that runs need. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { engineFlags } from './engineFlags.ts';

test('this engine takes its flags', () => {
  assert.equal(execFileSync(process.execPath, [...engineFlags(), '-p', '1'], { encoding: 'utf8' }).trim(), '1');
});
