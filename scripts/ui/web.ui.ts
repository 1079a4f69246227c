/** The extension in the browser's extension host, with a folder that is on no disk. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROOT, TEST_FIXTURES } from '../paths.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';
import { frameWith } from '../vscode/webviewFrame.ts';

const CASES = join(import.meta.dirname, 'cases/web');
const DEBUG_CASES = join(ROOT, 'core/debug/cases');
const fixture = (name: string): string => join(TEST_FIXTURES, name);

describe('in a browser, with a folder in memory', () => {
  let session: VscodeSession;
  const lens = (title: string) => session.page.locator('.codelens-decoration a').filter({ hasText: title }).first();
  const toast = (text: string | RegExp) =>
    session.page.locator('.notification-toast').filter({ hasText: text }).first();

  before(async () => {
    session = await openSession({
      web: true,
      production: true,
      settings: { 'wasmHazards.stress.seconds': 5 },
      more: {
        'counter-global.wasm': fixture('counter-global.wasm'),
        'edited.wat': fixture('counter-global.wat'),
        'guest/main.c': join(CASES, 'main.c'),
        'guest/other.wasm': fixture('counter-global.wasm'),
        'built.wasm': join(DEBUG_CASES, 'counter.wasm'),
        'counter.wasm.map': join(DEBUG_CASES, 'counter.wasm.map'),
        'assembly/counter.ts': join(CASES, 'counter.ts.txt'),
      },
    });
  });

  after(() => session?.close());

  it('a binary is shown as text, with its findings', async () => {
    await session.openFile('counter-global.wasm');
    assert.match((await session.visibleLines())[0], /^\(module/);
    await session.waitForSquiggle();
    const hover = await session.hover('increment');
    assert.match(hover, /writes mutable global/);
  });

  it('its interleavings are explored, and the result says where', async () => {
    await lens('Stress test').click();
    await toast(/wrong outcome/i).waitFor({ timeout: PATIENCE });
    await session.page.keyboard.press('Escape');
    await session.runCommand('Wasm Hazards: Show stress output');
    const output = session.page.locator('.output-view .view-line').filter({ hasText: /worker\s+of\s+the\s+browser/ });
    await output.first().waitFor({ timeout: PATIENCE, state: 'attached' });
  });

  it('the report opens', async () => {
    await session.runCommand('Wasm Hazards: Open report');
    const frame = await frameWith(session.page, 'main.report h1', 'counter-global.wasm');
    assert.match(await frame.locator('main.report').innerText(), /increment/);
    await session.screenshot('web-report');
    await session.runCommand('View: Close All Editors');
  });

  it('a source is compiled as it is edited', async () => {
    await session.openFile('edited.wat');
    await session.waitForSquiggle();
    await session.page.keyboard.press('Control+Home');
    await session.page.keyboard.type('(oops) ');
    await session.waitForSquiggle('error');
    await session.page.keyboard.press('Control+z');
  });

  it('the host is that of the manifests around a module', async () => {
    await session.openFile('guest/other.wasm');
    const item = session.page.locator('.statusbar-item').filter({ hasText: /wamr/i });
    await item.first().waitFor({ timeout: PATIENCE });
    await session.runCommand('View: Close All Editors');
  });

  it('findings speak of the source that a binary was compiled from', async () => {
    await session.openFile('built.wasm');
    await session.waitForSquiggle();
    assert.match((await session.problems()).join('\n'), /counter\.ts/);
  });

  it('verification says why it is not possible', async () => {
    await session.runCommand('Wasm Hazards: Verify on wazero');
    await toast(/builds and runs Go, which a browser cannot do/).waitFor({ timeout: PATIENCE });
  });
});
