/** Go wrappers on the oldest wazero that they support. */
import { describe, it } from 'node:test';
import { ran } from '../testing/tools.ts';
import { GO_ENV, goMissing, goModule, raceFlags } from './testing/goModule.ts';
import { writePackages } from './testing/runTests.ts';

describe('Go wrappers, with the oldest wazero', { skip: goMissing('oldest') }, () => {
  it('work, under the race detector', async () => {
    const folder = goModule('oldest');
    await writePackages(folder);
    ran('go', ['vet', './...'], { cwd: folder, env: GO_ENV });
    ran('go', ['test', ...raceFlags(), './...'], { cwd: folder, env: GO_ENV });
  });
});
