import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { ROOT } from '../paths.ts';
import { LONGEST } from './longest.ts';

it('the longest test files exist under these names', () => {
  assert.deepEqual(
    LONGEST.filter((file) => !existsSync(join(ROOT, file))),
    [],
  );
});
