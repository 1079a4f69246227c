import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyse } from '../../analysis/analyse.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { checkModule } from '../checkedModule.ts';
import { reportText } from '../formats.ts';

const page = { script: 'draw();', style: 'p{}', scriptHash: 'c2NyaXB0', styleHash: 'c3R5bGU=' };

/** A file that names itself to break out of the document. */
const HOSTILE = '</script><script>alert(1)</script><!--\u202e\n"\'.wasm';

const documentOf = (file: string): string => {
  const module = decodeModule(new Uint8Array(readFileSync(join(FIXTURES, 'counter-global.wasm'))));
  const analysis = analyse(module, { host: 'wazero', model: 'auto' });
  const settings = { host: 'wazero', hostReason: HOSTILE, model: 'auto', overrides: new Map() } as const;
  const checked = checkModule(file, module, analysis, settings);
  return reportText({ command: 'check', checked }, 'html', { full: false, colour: false, page });
};

test('a file holds its report as data, and allows one script and one style, by hash', () => {
  const html = documentOf('counter.wasm');
  assert.match(html, /default-src 'none'; script-src 'sha256-c2NyaXB0'; style-src 'sha256-c3R5bGU='/);
  assert.doesNotMatch(html, /unsafe|https?:|\sstyle=|\son\w+=/);
  assert.equal(html.match(/<script/g)?.length, 2);
  const [, data] = /class="report-view">(.*)<\/script>/.exec(html) ?? [];
  const view = JSON.parse(data);
  assert.equal(view.module.name, 'counter.wasm');
  assert.equal(view.verdict.status, 'not-safe');
  assert.deepEqual(
    view.exports.map(({ label }: { label: string }) => label),
    ['increment', 'count'],
  );
});

test('names cannot end the element that holds them, and show what hides in them', () => {
  const html = documentOf(HOSTILE);
  assert.equal(html.match(/<script/g)?.length, 2);
  assert.equal(html.match(/<\/script/g)?.length, 2);
  assert.doesNotMatch(html, /<!--|\u202e/);
  const [, data] = /class="report-view">(.*)<\/script>/.exec(html) ?? [];
  assert.match(JSON.parse(data).module.name, /^<\/script><script>alert\(1\)<\/script><!--\\u\{202e\}\\u\{a\}/);
});
