/** The report of a module in the real VS Code: from the button of the editor, with links to code, following runs, edits and a reload. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from '../vscode/playwright.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';
import { frameWith } from '../vscode/webviewFrame.ts';

describe('the report', () => {
  let session: VscodeSession;

  /** The frame of the page. */
  const report = (name = 'counter-global.wat'): Promise<Frame> => frameWith(session.page, 'main.report h1', name);

  before(async () => {
    session = await openSession({ size: { width: 1400, height: 900 } });
    await session.openFile('counter-global.wat');
    await session.waitForSquiggle();
    await session.page.locator('.editor-actions .action-label[aria-label="Open report"]').first().click();
  });

  after(() => session?.close());

  it('says first whether calls may run concurrently, then what was found', async () => {
    const frame = await report();
    assert.equal(await frame.locator('h1').innerText(), 'counter-global.wat');
    assert.match(await frame.locator('#verdict-headline').innerText(), /^Not safe on one instance/);
    const headings = await frame.locator('section.part > h2').allInnerTexts();
    assert.deepEqual(headings, ['Findings', 'Conflicts', 'Exports']);
    await session.screenshot('report-dark');
  });

  it('has no inline code, and everything that can be clicked can be reached with the keyboard', async () => {
    const frame = await report();
    // VS Code has a script of its own in every web view.
    assert.equal(await frame.locator('body script').count(), 1);
    assert.equal(await frame.locator('body script[src*="report.js"]').count(), 1);
    await frame.locator('.sections button').first().focus();
    await session.page.keyboard.press('Enter');
    await frame.locator('#findings:focus').waitFor();
    await session.page.keyboard.press('Tab');
    assert.equal(await frame.locator('.finding-group > summary:focus').count(), 1);
  });

  it('leads from a finding to its line', async () => {
    const frame = await report();
    const group = frame.locator('.finding-group').first();
    const place = group.locator('button.place').first();
    const [line] = (await place.innerText()).split(':');
    await place.click();
    await session.page
      .locator('.statusbar-item')
      .filter({ hasText: new RegExp(`Ln ${line}, `) })
      .first()
      .waitFor({ timeout: PATIENCE });
  });

  it('shows what runs have shown as they end', async () => {
    const frame = await report();
    await frame.locator('.verdict button').filter({ hasText: 'Stress test' }).click();
    await frame.locator('.scenario .result').first().waitFor({ timeout: PATIENCE });
    await frame.locator('.headlines').filter({ hasText: 'wrong outcome' }).first().waitFor({ timeout: PATIENCE });
    assert.match(await frame.locator('.scenario .calls').first().innerText(), /increment\(\)/);
    await frame.locator('.sections button').filter({ hasText: 'Runs' }).click();
    await session.screenshot('report-runs-dark');
  });

  it('is saved as one file that needs nothing else', async () => {
    const { page, folder } = session;
    const frame = await report();
    await frame.locator('.title-row button').filter({ hasText: 'Export' }).click();
    const name = page.locator('.quick-input-widget .quick-input-box input').first();
    await name.waitFor({ timeout: PATIENCE });
    await page.keyboard.press('Enter');
    const saved = join(folder, 'counter-global.wat.html');
    for (const deadline = Date.now() + PATIENCE; Date.now() < deadline && !existsSync(saved); )
      await page.waitForTimeout(100);
    const html = await readFile(saved, 'utf8');
    assert.match(html, /default-src 'none'; script-src 'sha256-/);
    assert.match(html, /class="report-view"/);
    assert.doesNotMatch(html, /file:\/\/\//);
  });

  it('marks runs as old when the module changes', async () => {
    const { page } = session;
    await page.locator('.tab').filter({ hasText: 'counter-global.wat' }).first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type(';; changed\n');
    const frame = await report();
    await frame
      .locator('.banner')
      .filter({ hasText: 'The module has changed since these runs' })
      .waitFor({ timeout: PATIENCE });
    assert.ok((await frame.locator('.scenario.stale').count()) > 0);
    await page.keyboard.press('Control+z');
  });

  it('is there again after a reload', async () => {
    const { page } = session;
    await page.keyboard.press('Control+s');
    // VS Code asks before it loses what is not saved.
    await page.locator('.tab.dirty').first().waitFor({ timeout: PATIENCE, state: 'detached' });
    await page.reload();
    const frame = await report();
    assert.equal(await frame.locator('h1').innerText(), 'counter-global.wat');
    assert.match(await frame.locator('#verdict-headline').innerText(), /^Not safe on one instance/);
  });

  it('lists the findings of large modules as they are asked for', async () => {
    const { page, folder } = session;
    const globals = Array.from({ length: 40 }, (_, i) => `(global $g${i} (mut i32) (i32.const 0))`).join(' ');
    const run = (i: number): string => `(func (export "run_${i}") (global.set $g${i % 40} (i32.const ${i})))`;
    const source = `(module ${globals}\n${Array.from({ length: 300 }, (_, i) => run(i)).join('\n')})`;
    await writeFile(join(folder, 'aaa-many.wat'), source);
    await session.openFile('aaa-many.wat');
    await session.waitForSquiggle();
    await session.runCommand('Wasm Hazards: Open report');
    await page.locator('.tab').filter({ hasText: 'aaa-many.wat report' }).first().waitFor({ timeout: PATIENCE });
    const frame = await report('aaa-many.wat');
    // The first group is open.
    const group = frame.locator('.finding-group').first();
    for (const rows of [30, 300]) {
      await group.locator('button.more').click();
      await group
        .locator('.finding-rows > li')
        .nth(rows - 1)
        .waitFor({ timeout: PATIENCE });
    }
  });
});
