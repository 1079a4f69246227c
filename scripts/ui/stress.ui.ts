import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

/** What decorations add at ends of lines, where no code follows. */
const LINE_ENDS = `[...document.querySelectorAll('.view-line > span')].flatMap((line) => {
  const words = (one) => getComputedStyle(one, '::after').content;
  const last = line.lastElementChild;
  return last && last.textContent === '' && words(last) !== 'none' ? [words(last).slice(1, -1)] : [];
})`;

/** Texts of the editor that a badge of a failed test overlaps. */
const BELOW_BADGES = `(() => {
  const badges = [...document.querySelectorAll('.test-error-content-widget .inner')].map((one) => one.getBoundingClientRect());
  const texts = document.querySelectorAll('.view-line > span > span, .codelens-decoration');
  return [...texts]
    .filter((one) => one.textContent.trim() !== '' || getComputedStyle(one, '::after').content !== 'none')
    .filter((one) => {
      const box = one.getBoundingClientRect();
      return badges.some((badge) => box.left < badge.right - 1 && badge.left + 1 < box.right && box.top < badge.bottom - 3 && badge.top + 3 < box.bottom);
    })
    .map((one) => one.textContent);
})()`;

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

  it('says it in a short badge and at ends of lines, and nothing is below the badge', async () => {
    const { page } = session;
    const badge = page.locator('.test-error-content-widget .content').filter({ hasText: /^wrong outcome, race$/ });
    await badge.first().waitFor({ timeout: PATIENCE });
    const words = await page.evaluate<string[]>(LINE_ENDS);
    assert.deepEqual(words.toSorted(), [
      'races with global.get in $add and 4 more',
      'races with global.set in $add',
      'races with global.set in $add, no wrong outcome found',
    ]);
    assert.deepEqual(await page.evaluate<string[]>(BELOW_BADGES), []);
  });

  it('takes the place of what the analysis supposes, in the code lens and in the status bar', async () => {
    const { page } = session;
    await page.locator('.codelens-decoration').filter({ hasText: 'Stress showed' }).first().waitFor();
    await page
      .locator('.statusbar-item')
      .filter({ hasText: 'Wrong outcome shown: wazero, one instance' })
      .first()
      .waitFor();
  });

  it('fails in the Test Explorer at the module', async () => {
    await session.runCommand('Testing: Focus on Test Explorer View');
    await failed('counter-global.wat');
    await session.screenshot('stress-test-explorer');
  });

  it('has the totals in labels, for eyes and screen readers', async () => {
    const row = session.page.locator(
      '.test-explorer .monaco-list-row[aria-label^="counter-global.wat: 4 of 4 failed"]',
    );
    await row.first().waitFor({ timeout: PATIENCE });
  });

  it('lists the races among the problems', async () => {
    const rows = await session.problems();
    assert.ok(
      rows.some((row) => /Data race on \$count/.test(row)),
      rows.join('\n'),
    );
  });

  it('disappears with the results, badge and failed tests included', async () => {
    const { page } = session;
    await session.runCommand('Wasm Hazards: Clear stress results');
    await page.locator('.test-error-content-widget').first().waitFor({ timeout: PATIENCE, state: 'detached' });
    await session.runCommand('Testing: Focus on Test Explorer View');
    await page
      .locator('.test-explorer .monaco-list-row[aria-label^="counter-global.wat ("]')
      .first()
      .waitFor({ timeout: PATIENCE });
    assert.equal(await page.locator('.test-explorer .monaco-list-row[aria-label*="Failed"]').count(), 0);
    assert.deepEqual(await page.evaluate<string[]>(LINE_ENDS), []);
  });

  it('disappears when the source is mended', async () => {
    const { page } = session;
    await session.runCommand('Wasm Hazards: Stress test module');
    const badge = page.locator('.test-error-content-widget').first();
    await badge.waitFor({ timeout: PATIENCE, state: 'attached' });
    await failed('counter-global.wat');
    await session.runCommand('View: Focus Active Editor Group');
    await page.keyboard.press('Control+Home');
    await page.keyboard.type(';; mended ');
    await badge.waitFor({ timeout: PATIENCE, state: 'detached' });
    await page
      .locator('.test-explorer .monaco-list-row[aria-label^="counter-global.wat ("]')
      .first()
      .waitFor({ timeout: PATIENCE });
    assert.equal(await page.locator('.test-explorer .monaco-list-row[aria-label*="Failed"]').count(), 0);
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
