/** Reports that were recorded from real runs of wazero under Go's race detector, led back. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { assertGoldenText } from '../../testing/golden.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { hostRaceText } from './raceText.ts';
import { RECORDED, recorded } from './testing/recorded.ts';

describe('recorded reports are led back to cell, operation, export and depth', () => {
  for (const name of RECORDED)
    test(name, async () => {
      const { source, led } = recorded(name);
      const module = decodeModule(await parse(source));
      assert.deepEqual([led.unread, led.missing], [0, []]);
      const lines = led.races.map((race) => `${race.reports} ${hostRaceText(race, module)}\n`);
      assertGoldenText(import.meta.dirname, name, lines.join(''));
    });
});
