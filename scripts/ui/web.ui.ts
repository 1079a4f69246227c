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
    const status = session.page.locator('.statusbar-item').filter({ hasText: /: wazero, one instance/ });
    await status.first().waitFor({ timeout: PATIENCE });
  });

  it('its interleavings are explored', async () => {
    await lens('Stress test').click();
    await toast(/wrong outcome/i).waitFor({ timeout: PATIENCE });
    await session.page.keyboard.press('Escape');
  });

  it('the report shows what was found', async () => {
    await lens('Report').click();
    const frame = await frameWith(session.page, 'main.report h1', 'counter-global.wasm');
    await frame
      .locator('main.report')
      .filter({ hasText: /wrong outcome/i })
      .first()
      .waitFor({ timeout: PATIENCE });
    await session.screenshot('web-report');
    await session.runCommand('View: Close All Editors');
  });

  it('the output says where it ran', async () => {
    await session.runCommand('Wasm Hazards: Show stress output');
    const output = session.page.locator('.output-view .view-line').filter({ hasText: /worker\s+of\s+the\s+browser/ });
    await output.first().waitFor({ timeout: PATIENCE, state: 'attached' });
    await session.runCommand('View: Hide Panel');
  });

  it('a source is compiled as it is edited', async () => {
    await session.openFile('edited.wat');
    await session.waitForSquiggle();
    await session.page.keyboard.press('Control+Home');
    await session.page.keyboard.type('(oops) ');
    await session.waitForSquiggle('error');
    await session.runCommand('File: Revert File');
    await session.runCommand('View: Close All Editors');
  });

  it('the host is that of the manifests around a module', async () => {
    await session.openFile('guest/other.wasm');
    assert.match(await session.hover('increment'), /WAMR/i);
    await session.runCommand('View: Close All Editors');
  });

  it('findings speak of the source that a binary was compiled from', async () => {
    await session.openFile('built.wasm');
    // They are read once somebody asks; until then places are byte offsets.
    const deadline = Date.now() + PATIENCE;
    let found = '';
    while (!/assembly\/counter\.ts/.test(found) && Date.now() < deadline) found = await session.hover('bump');
    assert.match(found, /assembly\/counter\.ts/);
  });

  it('verification says why it is not possible', async () => {
    await session.runCommand('Wasm Hazards: Verify on wazero');
    await toast(/builds and runs Go, which a browser cannot do/).waitFor({ timeout: PATIENCE });
  });
});
