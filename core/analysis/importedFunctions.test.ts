import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse as compile } from '@bytecodealliance/jco-transpile/wasm-tools';
import { HOST_PROFILES } from '../hosts/index.ts';
import { decodeModule } from '../wasm/decode.ts';
import { siteWord } from '../wasm/siteWord.ts';
import { analyse } from './analyse.ts';
import { effectsAt } from './effectsAt.ts';
import { witnessText } from './hazardText.ts';

/** Functions that are imported and put into a table or exported again; their names are read as instructions all too well. */
const IMPORTED = `(module
  (type $t (func))
  (import "a" "f" (func $f))
  (import "\\01\\24\\3f\\40" "\\24\\00\\10" (func $g))
  (table 4 funcref)
  (memory 1)
  (global $n (mut i32) (i32.const 0))
  (elem (i32.const 0) $f $g $h)
  (data (i32.const 16) "\\24\\00")
  (func $h (global.set $n (i32.const 1)))
  (func (export "run") (param i32) (call_indirect (type $t) (local.get 0)))
  (export "again" (func $g)))`;

test('imported functions that are reached through a table or an export are never read as code', async () => {
  const module = decodeModule(await compile(IMPORTED));
  for (const host of ['wazero', 'javascript', 'wasi-threads'] as const) {
    const analysis = analyse(module, { host, model: 'auto' });
    const findings = { module, analysis, profile: HOST_PROFILES[host], place: (offset: number) => `${offset}` };
    const texts = analysis.exports.flatMap(({ hazards }, position) =>
      hazards.map((hazard) => witnessText(findings, position, hazard)),
    );
    for (const text of texts) assert.match(text, /-> (?:import|global\.set|call_indirect|call) at /);
    assert.ok(
      texts.some((text) => / -> import at /.test(text)),
      texts.join('\n'),
    );
  }
});

test('the effect of an imported function is that of its host call', async () => {
  const module = decodeModule(await compile(IMPORTED));
  const analysis = analyse(module, { host: 'wazero', model: 'auto' });
  for (const { kind, index, offset } of module.imports) {
    assert.equal(kind, 'func');
    const { effects, exact } = effectsAt(module, analysis, index, offset);
    assert.deepEqual([effects.map((id) => analysis.effects[id].cell.kind), exact], [['host'], true]);
  }
});

test('what stands at each offset is named without a failure', async () => {
  const module = decodeModule(await compile(IMPORTED));
  for (let at = 0; at <= module.bytes.length; at++) assert.match(siteWord(module, at), /^[a-z0-9_. ]+$/);
  assert.equal(siteWord(module, module.imports[1].offset), 'import');
  assert.equal(siteWord(module, module.data[0].offset), 'data segment');
  assert.equal(siteWord(module, module.elements[0].offset), 'element segment');
});
