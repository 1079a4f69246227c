import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { useTranslations } from '../text/l10n.ts';
import { detectHost } from './detect.ts';
import { HOST_IDS, HOST_PROFILES } from './index.ts';
import { wazero } from './wazero.ts';

describe('Host profiles in another language', () => {
  afterEach(() => useTranslations(undefined));

  it('are the profiles themselves in English', () => {
    assert.equal(HOST_PROFILES.wazero, wazero);
    assert.deepEqual(Object.keys(HOST_PROFILES), [...HOST_IDS]);
  });

  it('translate what is shown, in whatever language the reader has when they are asked for', () => {
    useTranslations({ [wazero.growText]: 'grow!', 'one sync.Mutex': 'lock!', [wazero.advice.pure]: 'pure!' });
    const { growText, remedy, advice, id, detection } = HOST_PROFILES.wazero;
    assert.deepEqual([growText, remedy.lock, advice.pure], ['grow!', 'lock!', 'pure!']);
    assert.equal(advice.stateful, wazero.advice.stateful);
    assert.equal(id, 'wazero');
    assert.equal(detection, wazero.detection);
    assert.equal(HOST_PROFILES.wazero, HOST_PROFILES.wazero);
    useTranslations({ 'one sync.Mutex': 'another' });
    assert.equal(HOST_PROFILES.wazero.remedy.lock, 'another');
    useTranslations(undefined);
    assert.equal(HOST_PROFILES.wazero.remedy.lock, 'one sync.Mutex');
  });

  it('say why a host was chosen in whole sentences', () => {
    useTranslations({ '{0} requires {1}': '{1} <- {0}' });
    const found = detectHost([{ path: 'go.mod', text: 'require github.com/tetratelabs/wazero v1.9.0\n' }]);
    assert.equal(found?.reason, 'github.com/tetratelabs/wazero <- go.mod');
  });
});
