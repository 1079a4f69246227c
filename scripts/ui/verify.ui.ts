import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { goMissing } from '../../core/wrap/go/testing/goModule.ts';
import { ROOT } from '../paths.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

const GO_MODULE = join(ROOT, 'core/wrap/go/testing/module/newest');

describe('verification on wazero, started from the Test Explorer', { skip: goMissing() }, () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({
      size: { width: 1500, height: 950 },
      theme: process.env.WASM_HAZARDS_THEME === 'light' ? 'light' : 'dark',
      settings: { 'wasmHazards.verify.seconds': 4, 'wasmHazards.stress.seconds': 2 },
    });
    for (const name of ['go.mod', 'go.sum']) await copyFile(join(GO_MODULE, name), join(session.folder, name));
  });

  after(() => session?.close());

  it('is a run profile beside Explore and Hammer', async () => {
    const { page } = session;
    await session.openFile('counter-global.wat');
    await session.waitForSquiggle();
    await session.runCommand('Testing: Focus on Test Explorer View');
    const rows = page.locator('.test-explorer .monaco-list-row');
    const row = rows.filter({ hasText: 'counter-global.wat' }).first();
    await row.waitFor({ timeout: PATIENCE });
    await row.click({ button: 'right' });
    await page
      .locator('.monaco-menu .action-label')
      .filter({ hasText: 'Execute Using Profile' })
      .first()
      .waitFor({ timeout: PATIENCE });
    // A menu ignores clicks in its first moments; the keyboard reaches its last entry at once.
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const profiles = page.locator('.quick-input-list .monaco-list-row');
    for (const name of ['Explore', 'Hammer', 'Verify on wazero'])
      await profiles.filter({ hasText: name }).first().waitFor({ timeout: PATIENCE });
    await session.screenshot('verify-profiles');
    await profiles.filter({ hasText: 'Verify on wazero' }).first().click();
  });

  it('fails where the host confirms what exploration found, with a table of findings', async () => {
    const { page } = session;
    await page
      .locator('.test-explorer .monaco-list-row[aria-label*="counter-global.wat"][aria-label*="Failed"]')
      .first()
      .waitFor({ timeout: PATIENCE });
    await session.runCommand('Test Results: Focus on Test Results View');
    const results = page.locator('.test-output-peek-tree .monaco-list-row').filter({ hasText: 'confirmed' });
    await results.first().click();
    const message = page.locator('.test-output-peek-message-container').filter({ hasText: 'Findings' });
    await message.first().waitFor({ timeout: PATIENCE });
    await session.screenshot('verify-results');
  });

  it('stands at the racing instructions', async () => {
    assert.match(await session.hover('global.set'), /Confirmed on wazero \d/);
    await session.screenshot('verify-hover');
  });
});
