import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

describe('a stress test, started from the command palette', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({
      size: { width: 1500, height: 950 },
      settings: { 'wasmHazards.stress.hammerSeconds': 2 },
    });
  });

  after(() => session?.close());

  /** Waits until the run of a module has ended and failed. */
  const failed = (module: string): Promise<void> =>
    session.page
      .locator(`.test-explorer .monaco-list-row[aria-label*="${module}"][aria-label*="Failed"]`)
      .first()
      .waitFor({ timeout: PATIENCE });

  it('puts the race beside the instructions, and says in the hover what races', async () => {
    await session.openFile('counter-global.wat');
    await session.waitForSquiggle();
    await session.runCommand('Wasm Hazards: Stress test module');
    // VS Code shows this at a failed test, after the run.
    await session.page.locator('.test-error-content-widget').first().waitFor({ timeout: PATIENCE, state: 'attached' });
    const hover = await session.hover('global.set');
    assert.match(hover, /Data race on \$count/);
    assert.match(hover, /Schedule A\d+B\d+/);
    await session.screenshot('stress-counter-global');
  });

  it('takes the place of what the analysis supposes, in the code lens and in the status bar', async () => {
    const { page } = session;
    await page.locator('.codelens-decoration').filter({ hasText: 'stress showed' }).first().waitFor();
    await page
      .locator('.statusbar-item')
      .filter({ hasText: 'wrong outcome shown in 1, race in 1 of 2 exports' })
      .first()
      .waitFor();
  });

  it('fails in the Test Explorer at the module', async () => {
    await session.runCommand('Testing: Focus on Test Explorer View');
    await failed('counter-global.wat');
    await session.screenshot('stress-test-explorer');
  });

  it('lists the races among the problems', async () => {
    const rows = await session.problems();
    assert.ok(
      rows.some((row) => /Data race on \$count/.test(row)),
      rows.join('\n'),
    );
  });

  it('hammers with the run profile of that name, and fails where exploration shows that it can go wrong', async () => {
    await session.runCommand('Testing: Focus on Test Explorer View');
    const rows = session.page.locator('.test-explorer .monaco-list-row');
    const row = rows.filter({ hasText: 'counter-memory.wat' }).first();
    await row.click({ button: 'right' });
    await session.page
      .locator('.monaco-menu .action-label')
      .filter({ hasText: 'Execute Using Profile' })
      .first()
      .waitFor({ timeout: PATIENCE });
    // A menu ignores clicks in its first moments; the keyboard reaches its last entry at once.
    await session.page.keyboard.press('ArrowUp');
    await session.page.keyboard.press('Enter');
    await session.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'Hammer' }).first().click();
    await failed('counter-memory.wat');
    await session.runCommand('Test Results: Focus on Test Results View');
    const results = session.page.locator('.test-output-peek-tree .monaco-list-row').filter({ hasText: 'hammer: ' });
    await results.first().waitFor({ timeout: PATIENCE });
    await session.screenshot('hammer-test-results');
  });
});
