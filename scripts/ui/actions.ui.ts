import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

/** Code actions, hover links, menus and keys: what a reader of a module can do where the cursor is. */
describe('what can be done at a place', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({
      size: { width: 1400, height: 900 },
      settings: { 'wasmHazards.stress.hammerSeconds': 1, 'wasmHazards.stress.seconds': 3 },
    });
  });

  after(() => session?.close());

  const line = (text: string) => session.page.locator('.editor-instance .view-line').filter({ hasText: text }).first();
  const picks = () => session.page.locator('.quick-input-list .monaco-list-row');

  /** Labels of the open list, which fits on the screen. */
  async function pickLabels(title: string): Promise<string[]> {
    await session.page.locator('.quick-input-title').filter({ hasText: title }).waitFor({ timeout: PATIENCE });
    await picks().first().waitFor({ timeout: PATIENCE });
    return (await picks().allInnerTexts()).map((text) => text.trim().split('\n')[0]);
  }

  async function closeHover(): Promise<void> {
    await session.page.keyboard.press('Escape');
    await session.page.mouse.move(2, 2);
  }

  it('lists them in a read-only text with the key of quick fixes', async () => {
    await session.openFile('counter-global.wasm');
    await session.waitForSquiggle();
    await line('(export "increment"').click();
    await session.page.keyboard.press('Control+.');
    const labels = await pickLabels('Actions at line 2');
    for (const wanted of [
      "Stress test 'increment'",
      'Generate a concurrency wrapper for the module',
      'Open the report of the module',
      "Ignore global-write for 'increment'",
      'Show conflict matrix',
    ])
      assert.ok(labels.includes(wanted), `${wanted} is not among ${labels.join(', ')}`);
    assert.ok(labels.indexOf("Stress test 'increment'") < labels.indexOf("Ignore global-write for 'increment'"));
    await session.screenshot('actions-key');
    await session.page.keyboard.press('Escape');
  });

  it('lists them at the instruction that conflicts', async () => {
    await line('global.set').click();
    await session.page.keyboard.press('Control+.');
    const labels = await pickLabels('Actions at line');
    assert.equal(labels[0], "Stress test 'increment'");
    await session.page.keyboard.press('Escape');
  });

  it('opens the page of a rule, rendered, from the hover', async () => {
    await session.hover('increment');
    await session.page.locator('.monaco-hover a.code-link').first().click();
    const tab = session.page.locator('.tabs-container .tab.active').filter({ hasText: 'global-write.md' });
    await tab.waitFor({ timeout: PATIENCE });
    // A preview has a web view, a text has lines.
    await session.page.locator('iframe.webview').first().waitFor({ timeout: PATIENCE, state: 'attached' });
    assert.equal(await session.page.locator('.editor-instance .view-line').count(), 0);
    await session.screenshot('actions-rule-page');
    await session.runCommand('View: Close Editor');
    await closeHover();
  });

  it('opens the page of a rule, rendered, from Problems, where each finding stands once', async () => {
    const rows = await session.problems();
    assert.equal(rows.filter((row) => row.includes("'increment' writes mutable global")).length, 1);
    assert.equal(rows.filter((row) => /writes a mutable global/.test(row)).length, 0);
    assert.ok(rows.every((row) => !row.includes('`')));
    await session.page.locator('.markers-panel a').filter({ hasText: 'global-write' }).first().click();
    const tab = session.page.locator('.tabs-container .tab.active').filter({ hasText: 'global-write.md' });
    await tab.last().waitFor({ timeout: PATIENCE });
    await session.page.locator('iframe.webview').first().waitFor({ timeout: PATIENCE, state: 'attached' });
    await session.screenshot('actions-problems');
    await session.runCommand('View: Close Editor');
    await session.runCommand('View: Hide Panel');
  });

  it('marks the file in the explorer although its findings are at the text', async () => {
    const row = session.page.locator('.explorer-folders-view .monaco-list-row[aria-label^="counter-global.wasm"]');
    await row.locator('.monaco-icon-label[class*="monaco-decoration"]').first().waitFor({ timeout: PATIENCE });
  });

  it('lists them from a link of the hover', async () => {
    await session.hover('increment');
    const link = session.page.locator('.monaco-hover a').filter({ hasText: 'More actions' }).first();
    await session.screenshot('actions-hover');
    await link.click();
    assert.ok((await pickLabels('Actions at line 2')).includes("Stress test 'increment'"));
    await session.page.keyboard.press('Escape');
    await closeHover();
  });

  it('stress tests the export at the cursor from the context menu', async () => {
    await line('(export "count"').click({ button: 'right' });
    const menu = session.page.locator('.monaco-menu .action-label');
    await menu.filter({ hasText: 'Stress test export' }).first().waitFor({ timeout: PATIENCE });
    const labels = (await menu.allInnerTexts()).map((text) => text.trim());
    for (const wanted of ['Show actions', 'Generate concurrency wrapper', 'Open report'])
      assert.ok(labels.includes(wanted), `${wanted} is not among ${labels.join(', ')}`);
    await session.screenshot('actions-menu');
    await session.page.keyboard.press('Escape');
    await line('(export "count"').click();
    await session.runCommand('Wasm Hazards: Stress test export');
    // Nothing is asked: the run says what it is about.
    const notice = session.page.locator('.notification-list-item').filter({ hasText: /count/ });
    await notice.first().waitFor({ timeout: PATIENCE });
  });

  it('plays the schedule at the instruction that raced', async () => {
    await session.runCommand('Notifications: Clear All Notifications');
    await session.page
      .locator('.codelens-decoration')
      .filter({ hasText: /race/ })
      .first()
      .waitFor({ timeout: PATIENCE });
    await line('global.set').click();
    await session.page.keyboard.press('Control+.');
    const labels = await pickLabels('Actions at line');
    assert.ok(labels.includes('Play the schedule that shows the data race on $count'), labels.join(', '));
    await picks().filter({ hasText: 'Play the schedule' }).first().click();
    const tab = session.page.locator('.tabs-container .tab.active').filter({ hasText: /counter-global/ });
    await tab.last().waitFor({ timeout: PATIENCE });
    await session.page.locator('iframe.webview').first().waitFor({ timeout: PATIENCE, state: 'attached' });
    await session.screenshot('actions-play');
    await session.runCommand('View: Close Editor');
  });

  it('opens a wrapper under a name and in its language', async () => {
    await session.runCommand('Notifications: Clear All Notifications');
    await session.openFile('counter-global.wasm');
    await session.runCommand('Wasm Hazards: Generate concurrency wrapper');
    await session.page
      .locator('.quick-input-title')
      .filter({ hasText: 'Concurrency wrapper' })
      .waitFor({ timeout: PATIENCE });
    await session.page.keyboard.press('Enter');
    const tab = session.page.locator('.tabs-container .tab.active').filter({ hasText: /^counter_global_\w+\.go/ });
    await tab.waitFor({ timeout: PATIENCE });
    await session.page.locator('.statusbar-item').filter({ hasText: /^Go$/ }).first().waitFor({ timeout: PATIENCE });
    await session.screenshot('actions-wrapper');
  });

  it('in a source mends first and silences last', async () => {
    await session.openFile('growable-memory.wat');
    await session.waitForSquiggle();
    await session.page.locator('.editor-instance .view-line').filter({ hasText: '(memory' }).first().click();
    await session.page.keyboard.press('Control+.');
    const menu = session.page.locator('.action-widget .monaco-list-row.action');
    await menu.first().waitFor({ timeout: PATIENCE });
    const labels = (await menu.allInnerTexts()).map((text) => text.trim());
    const at = (start: RegExp): number => labels.findIndex((label) => start.test(label));
    assert.ok(at(/^Preallocate/) === 0 && at(/^Ignore/) > at(/^Generate/), labels.join('\n'));
    await session.screenshot('actions-source');
    await session.page.keyboard.press('Escape');
  });
});
