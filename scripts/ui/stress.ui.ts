import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROOT, TEST_FIXTURES } from '../paths.ts';
import type { Page } from '../vscode/playwright.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

const GUESSED = join(ROOT, 'core/stress/scenario/cases/guessed-objects.wat');

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

/** Rows of the Test Explorer whose label begins so, at a level if one is given. */
const testRow = (page: Page, label: string, level?: number): ReturnType<Page['locator']> =>
  page
    .locator(
      `.test-explorer .monaco-list-row[aria-label^="${label}"]${level === undefined ? '' : `[aria-level="${level}"]`}`,
    )
    .first();

/** Labels of the first level that are in view. */
const topRows = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('.test-explorer .monaco-list-row[aria-level="1"]')]
    .sort((a, b) => a.dataset.index - b.dataset.index).map((row) => row.ariaLabel)`);

/** Labels of tests in view that say more than that these were not run. */
const statesShown = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('.test-explorer .monaco-list-row')]
    .map((row) => row.ariaLabel).filter((label) => /Failed|Skipped|Passed|Errored/.test(label))`);

/** Selects a row and unfolds it. */
async function openRow(page: Page, label: string): Promise<void> {
  await testRow(page, label).click();
  await page.keyboard.press('ArrowRight');
}

describe('a stress test, started from the command palette', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({
      size: { width: 1500, height: 950 },
      settings: { 'wasmHazards.stress.hammerSeconds': 2 },
      more: {
        'guessed-objects.wat': GUESSED,
        'package/lib/counter.wat': join(TEST_FIXTURES, 'counter-global.wat'),
      },
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

  it('lists folders as levels, a binary below its text, and what cannot be tested apart', async () => {
    const { page } = session;
    await testRow(page, 'counter-global.wat').click();
    await page.keyboard.press('Home');
    await testRow(page, 'package', 1).waitFor({ timeout: PATIENCE });
    const first = await topRows(page);
    assert.match(first[0], /^package/);
    await page.keyboard.press('End');
    await testRow(page, 'Cannot be tested', 1).waitFor({ timeout: PATIENCE });
    const last = await topRows(page);
    assert.match(last.at(-1) ?? '', /^Cannot be tested/);
    for (const name of ['counter-global.wasm', 'truncated.wasm', 'broken ('])
      assert.ok(![...first, ...last].some((row) => row.startsWith(name)), name);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    for (const name of ['component.wasm', 'empty.wasm', 'not-wasm.wasm', 'truncated.wasm'])
      await testRow(page, name, 2).waitFor({ timeout: PATIENCE });
    await page.keyboard.press('Home');
    await openRow(page, 'counter-global.wat');
    await testRow(page, 'counter-global.wasm', 2).waitFor({ timeout: PATIENCE });
    await session.screenshot('stress-test-levels');
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
    assert.deepEqual(await statesShown(page), []);
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
    assert.deepEqual(await statesShown(page), []);
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

  it('runs a folder, and has the totals of what is in it at each level', async () => {
    const { page } = session;
    await page.keyboard.press('Home');
    await testRow(page, 'package', 1).hover();
    await testRow(page, 'package', 1).locator('.codicon-testing-run-icon').click();
    await testRow(page, 'package: 4 of 4 failed', 1).waitFor({ timeout: PATIENCE });
    await openRow(page, 'package');
    await openRow(page, 'lib');
    await testRow(page, 'lib: 4 of 4 failed', 2).waitFor({ timeout: PATIENCE });
    await testRow(page, 'counter.wat: 4 of 4 failed', 3).waitFor({ timeout: PATIENCE });
    await session.screenshot('stress-test-folders');
  });

  it('runs again what was run last, after its results were cleared', async () => {
    const { page } = session;
    await session.runCommand('Wasm Hazards: Clear stress results');
    await session.runCommand('Testing: Focus on Test Explorer View');
    await testRow(page, 'package (', 1).waitFor({ timeout: PATIENCE });
    assert.deepEqual(await statesShown(page), []);
    await session.runCommand('Test: Rerun Last Run');
    await testRow(page, 'package: 4 of 4 failed', 1).waitFor({ timeout: PATIENCE });
  });

  it('says that objects were guessed, and that the module raced and no more', async () => {
    const { page } = session;
    await session.runCommand('View: Show Explorer');
    await session.openFile('guessed-objects.wat');
    await session.waitForSquiggle();
    await session.runCommand('Wasm Hazards: Stress test export');
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'render' }).first().click();
    const badge = page.locator('.test-error-content-widget .content').filter({ hasText: /, with guessed objects$/ });
    await badge.first().waitFor({ timeout: PATIENCE });
    const status = page.locator('.statusbar-item').filter({ hasText: 'Race shown: wazero, one instance' });
    await status.first().waitFor({ timeout: PATIENCE });
    await session.runCommand('Test Results: Focus on Test Results View');
    const note = page.locator('.test-output-peek-tree .monaco-list-row').filter({ hasText: 'with guessed objects' });
    await note.first().waitFor({ timeout: PATIENCE });
    await session.screenshot('stress-guessed');
  });
});
