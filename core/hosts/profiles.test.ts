import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DEFAULT_HOST, HOST_IDS, HOST_PROFILES, isHostId } from './index.ts';
import { type HostProfile, SHARING_MODELS } from './profile.ts';

/** The compiler holds all profiles to the same kinds. */
const ADVICE_KINDS = Object.keys(HOST_PROFILES.wazero.advice) as (keyof HostProfile['advice'])[];
const profiles = Object.entries(HOST_PROFILES) as [string, HostProfile][];

describe('host profiles', () => {
  it('are found under their own id, wazero first', () => {
    for (const [id, profile] of profiles) assert.equal(profile.id, id);
    assert.equal(DEFAULT_HOST, 'wazero');
    assert.equal(HOST_IDS[0], DEFAULT_HOST);
    assert.deepEqual(HOST_IDS.toSorted(), writtenProfiles().toSorted());
    assert.ok(isHostId('wasi-threads'));
    assert.ok(!isHostId('toString'));
  });

  it('have labels of their own', () => {
    assert.equal(new Set(profiles.map(([, profile]) => profile.label)).size, profiles.length);
  });

  it('share no object, so that a change of one cannot leak into another', () => {
    assert.equal(new Set(profiles.map(([, profile]) => profile.advice)).size, profiles.length);
  });

  for (const [id, profile] of profiles) {
    describe(id, () => {
      it('stands to every sharing model, with a sentence and a source', () => {
        assert.deepEqual(Object.keys(profile.stance).sort(), [...SHARING_MODELS].sort());
        for (const model of SHARING_MODELS) {
          const { status, text, source } = profile.stance[model];
          assert.ok(['allowed', 'unguarded', 'forbidden', 'unavailable'].includes(status), model);
          assertSentence(text, model);
          assert.match(source, /^https:\/\/[\w.-]+\/\S+$/, model);
        }
      });

      it('has advice of one or two sentences on every kind', () => {
        assert.deepEqual(Object.keys(profile.advice).sort(), [...ADVICE_KINDS].sort());
        for (const kind of ADVICE_KINDS) {
          assertSentence(profile.advice[kind], kind);
          assert.ok(profile.advice[kind].length <= 280, `${kind}: ${profile.advice[kind].length} characters`);
        }
      });

      it('has words for the parts of remedies, which fit into sentences', () => {
        const { lock, write, read, pool, reserve } = profile.remedy;
        for (const part of [lock, write, read, pool]) assert.match(part, /^\S.*[^.\s]$/);
        assert.match(pool, /^[a-z]/);
        for (const bounded of [true, false]) {
          const sentence = reserve(bounded);
          if (sentence !== undefined) assertSentence(sentence, 'reserve');
        }
      });

      it('says what a grow does in one sentence', () => {
        assertSentence(profile.growText, 'growText');
      });

      it('uses only models that it allows or leaves unguarded', () => {
        assert.equal(new Set(profile.models).size, profile.models.length);
        for (const model of profile.models) {
          assert.ok(['allowed', 'unguarded'].includes(profile.stance[model].status), model);
        }
      });

      it('has default models among those it uses, the first of them its own', () => {
        const defaults = [profile.defaultModel(false), profile.defaultModel(true)];
        for (const model of defaults) assert.ok(profile.models.includes(model), model);
        assert.ok(defaults.includes(profile.models[0]));
      });
    });
  }

  it('share an instance by default where the host documents calls from several threads', () => {
    const shared = profiles.filter(([, profile]) => profile.defaultModel(false) === 'shared-instance');
    assert.deepEqual(
      shared.map(([id]) => id),
      ['wazero', 'wasmedge'],
    );
  });

  it('keep the hazards that were measured on wazero to wazero', () => {
    for (const [id, profile] of profiles) {
      assert.equal(profile.hostHazards['ref-func'] !== undefined, id === 'wazero', id);
      assert.equal(profile.hostHazards['segment-drop'] !== undefined, id === 'wazero', id);
      for (const hazard of Object.values(profile.hostHazards)) assertSentence(hazard.text, id);
    }
    assert.ok(HOST_PROFILES.wazero.growMovesMemory);
  });
});

/** Ids of the profiles that the files of this folder define. */
function writtenProfiles(): string[] {
  return readdirSync(import.meta.dirname).flatMap((name) => {
    const text = readFileSync(join(import.meta.dirname, name), 'utf8');
    return [...text.matchAll(/^export const \w+: HostProfile = \{\n {2}id: '([\w-]+)',$/gm)].map(([, id]) => id);
  });
}

/** Starts with a capital or an API name, ends with a full stop, no doubled blanks. */
function assertSentence(text: string, what: string): void {
  assert.match(text, /^[A-Za-z]/, what);
  assert.match(text, /\.$/, what);
  assert.doesNotMatch(text, / {2}|\n|\.\.$/, what);
}
