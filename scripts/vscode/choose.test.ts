import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Circumstances, choose } from './choose.ts';

const desktop: Circumstances = {
  forced: undefined,
  platform: 'linux',
  display: true,
  exists: () => false,
  reachable: async () => true,
};

describe('choose', () => {
  it('downloads if that is possible', async () => assert.equal((await choose(desktop)).kind, 'download'));

  it('takes the stand-in where the download does not answer', async () => {
    assert.equal((await choose({ ...desktop, reachable: async () => false })).kind, 'stand-in');
  });

  it('takes the stand-in without asking the network where there is no display', async () => {
    const reachable = () => assert.fail('asked');
    assert.equal((await choose({ ...desktop, display: false, reachable })).kind, 'stand-in');
  });

  it('can be forced', async () => {
    assert.equal((await choose({ ...desktop, forced: 'stand-in' })).kind, 'stand-in');
    assert.equal((await choose({ ...desktop, display: false, forced: 'download' })).kind, 'download');
    const own = await choose({ ...desktop, forced: '/usr/bin/code', exists: () => true });
    assert.deepEqual(own, { kind: 'executable', path: '/usr/bin/code', reason: 'WASM_HAZARDS_VSCODE names it' });
  });

  it('rejects an invalid value', async () => {
    await assert.rejects(choose({ ...desktop, forced: 'standin' }), /must be download, stand-in or an executable/);
  });
});
