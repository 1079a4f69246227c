/** What `check` says of exports as a whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseWat } from '../../analysis/testing/facts.ts';
import { checkModule } from '../checkedModule.ts';
import { reportText } from '../formats.ts';

/** The report of a module text, its line breaks as spaces. */
async function checked(text: string): Promise<string> {
  const { module, analysis } = await analyseWat(text, { host: 'wazero', model: 'shared-instance' });
  const options = { host: 'wazero', hostReason: undefined, model: 'auto', overrides: new Map() } as const;
  const report = { command: 'check', checked: checkModule('list.wasm', module, analysis, options) } as const;
  return reportText(report, 'text', { full: true, colour: false }).replace(/\s+/g, ' ');
}

const SET = '(func (export "set") (param $p i32) (i32.store (local.get $p) (i32.const 1)))';

test('exports that follow pointers are thread-compatible as long as objects have nothing in common', async () => {
  const unlink =
    '(func (export "unlink") (param $p i32) (i32.store (i32.load (local.get $p)) (i32.load offset=4 (local.get $p))))';
  assert.match(
    await checked(`(module (memory 1) ${unlink})`),
    /thread-compatible \(object: parameter 0\), as long as these share nothing that they point to: unlink/,
  );
  assert.match(await checked(`(module (memory 1) ${SET})`), /thread-compatible \(object: parameter 0\): set/);
});
