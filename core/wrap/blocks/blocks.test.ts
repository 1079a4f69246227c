/** Which exports are called with blocks: only those for which nothing else can be meant. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../analysis/analyse.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { surfaceOf } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { moduleBlocks } from './blocks.ts';

/** Exports of a module with a block, by name: `0` a block that is read, `0w` one that is written, `answers`. */
async function found(text: string): Promise<Record<string, string>> {
  const module = decodeModule(await parse(text));
  const analysis = analyse(module, { host: 'wazero', model: 'auto' });
  const input = { module, analysis, surface: surfaceOf(module, analysis) } as WrapInput;
  const { calls } = moduleBlocks(input);
  return Object.fromEntries(
    [...calls].map(([{ name }, { blocks, answers, byHand }]) => [
      name,
      [
        ...blocks.map(({ at, writes }) => `${at}${writes ? 'w' : ''}`),
        ...(answers ? ['answers'] : []),
        ...(byHand ? ['by hand'] : []),
      ].join(', '),
    ]),
  );
}

const wat = (name: string): string => readFileSync(join(import.meta.dirname, 'cases', name), 'utf8');

describe('blocks', () => {
  it('are recognised by what bounds them', async () => {
    assert.deepEqual(await found(wat('certain.wat')), {
      greet: '0, answers',
      version: 'answers',
      sum_by_index: '0',
      sum_by_end: '0',
      sum_down: '0',
      fill: '0w',
      through_memcpy: '1',
      through_helper: '0',
      two: '0, 2',
      update: '1, by hand',
    });
  });

  it('are not recognised where something else may be meant', async () => {
    assert.deepEqual(await found(wat('uncertain.wat')), {});
  });

  it('need an allocator that also frees', async () => {
    assert.deepEqual(await found(wat('certain.wat').replace('(export "free")', '')), {});
  });
});
