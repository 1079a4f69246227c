/** What a newcomer sees first: the verdict of the module, above it and in the status bar, and what to do next. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

/** An export with findings of four kinds. */
const SEVERAL = `(module
  (memory 1) (table 1 funcref)
  (global $n (mut i32) (i32.const 0)) (global $__stack_pointer (mut i32) (i32.const 4096))
  (func (export "several") (local i32)
    (global.set $n (i32.const 1))
    (drop (memory.grow (i32.const 1)))
    (table.set (i32.const 0) (ref.null func))
    (local.set 0 (i32.sub (global.get $__stack_pointer) (i32.const 16)))
    (global.set $__stack_pointer (local.get 0))
    (i32.store (local.get 0) (i32.const 7))
    (global.set $__stack_pointer (i32.add (local.get 0) (i32.const 16)))))
`;

/** In which line of the hover, counted by height, the sentence ends that says what to do. */
const LINES_TO_REMEDY = `(() => {
  const hover = [...document.querySelectorAll('.monaco-hover')].find((one) => one.offsetHeight > 0);
  const texts = document.createTreeWalker(hover, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const at = texts.currentNode.data.search(/Give each goroutine/);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(texts.currentNode, at);
    range.setEnd(texts.currentNode, at + 1);
    const { bottom, height } = range.getBoundingClientRect();
    return Math.round((bottom - hover.getBoundingClientRect().top) / height);
  }
  return Infinity;
})()`;

describe('the module first', () => {
  let session: VscodeSession;
  const lens = (text: string | RegExp) =>
    session.page.locator('.codelens-decoration').filter({ hasText: text }).first();
  const link = (text: string) => session.page.locator('.codelens-decoration a').filter({ hasText: text }).first();
  const status = (text: string) => session.page.locator('.statusbar-item').filter({ hasText: text }).first();
  const row = (text: string) =>
    session.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();

  before(async () => {
    session = await openSession();
  });

  after(() => session?.close());

  it('says above a module what is wrong with it and what to do, with links', async () => {
    await session.openFile('shadow-stack.wat');
    await link('Not safe on one instance').waitFor({ timeout: PATIENCE });
    await link('It keeps a stack. Give each goroutine an instance').waitFor();
    for (const text of ['Generate pool', 'Stress test', 'Report']) await link(text).waitFor();
    await status('Not safe: wazero, one instance').waitFor();
    await session.screenshot('module-shadow-stack');
  });

  it('says that nothing was found, and not that a module is safe', async () => {
    await session.openFile('pure.wat');
    await lens('No conflict found between calls on one instance').waitFor({ timeout: PATIENCE });
    await status('No conflict found: wazero, one instance').waitFor();
    assert.equal(await lens('Conflicts with').count(), 0);
  });

  it('has lenses of exports where they tell more, and none of an allocator', async () => {
    await session.openFile('greeting.wasm');
    await lens('Conflicts with itself and malloc').waitFor({ timeout: PATIENCE });
    assert.equal(await session.page.locator('.codelens-decoration').count(), 2, 'of the module and of greet');
  });

  it('tells under the mouse what to do', async () => {
    await session.openFile('counter-global.wat');
    await lens('It keeps $count').waitFor({ timeout: PATIENCE });
    const hover = await session.hover('global.set');
    assert.match(hover, /What to do: Give each goroutine an instance, or use a lock\./);
    assert.match(hover, /Generate wrapper/);
  });

  it('has every action behind the status item, in groups', async () => {
    const { page } = session;
    await session.openFile('counter-global.wat');
    await status('Not safe: wazero, one instance').click();
    for (const text of ['Open report', 'Stress test module', 'Generate concurrency wrapper', 'Verify on wazero'])
      await row(text).waitFor({ timeout: PATIENCE });
    assert.match(await row('Select host profile').innerText(), /wazero \(Go\)/);
    await session.screenshot('module-menu');
    await page.keyboard.press('Escape');
  });

  it('speaks of what stress tests have shown first', async () => {
    await link('Stress test').click();
    await lens('Stress tests showed a wrong outcome: increment').waitFor({ timeout: PATIENCE });
    await status('Wrong outcome shown: wazero, one instance').waitFor({ timeout: PATIENCE });
    await session.screenshot('module-stressed');
  });

  it('obeys the setting, and what older versions called it', async () => {
    await mkdir(join(session.folder, '.vscode'), { recursive: true });
    await writeFile(join(session.folder, '.vscode', 'settings.json'), '{ "wasmHazards.codeLens": false }\n');
    await lens(/./).waitFor({ state: 'detached', timeout: PATIENCE });
    await writeFile(join(session.folder, '.vscode', 'settings.json'), '{ "wasmHazards.codeLens": "all" }\n');
    await lens('Stress tests showed').waitFor({ timeout: PATIENCE });
  });

  it('opens the report with a click above the module', async () => {
    await link('Report').click();
    const tab = session.page.locator('.tab').filter({ hasText: 'counter-global.wat report' }).first();
    await tab.waitFor({ timeout: PATIENCE });
  });

  it('tells within five lines what to do, however many findings an export has', async () => {
    await writeFile(join(session.folder, 'several.wat'), SEVERAL);
    await session.openFile('several.wat');
    await session.waitForSquiggle();
    await session.page.mouse.move(5, 5);
    await session.page.keyboard.press('Escape');
    const hover = await session.hover('"several"');
    assert.ok(hover.split('wasm-hazards').length > 3, `several findings: ${hover}`);
    const lines = await session.page.evaluate<number>(LINES_TO_REMEDY);
    assert.ok(lines <= 5, `what to do ends in line ${lines}`);
    await session.screenshot('module-several-findings');
  });
});
