import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

type Row = ReturnType<VscodeSession['page']['locator']>;

describe('the tree of modules', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({ settings: { 'files.exclude': { hidden: true } } });
    await mkdir(join(session.folder, 'hidden'));
    await writeFile(join(session.folder, 'hidden', 'excluded.wat'), '(module (func (export "f")))');
    await writeFile(join(session.folder, 'broken.wasm'), 'no module');
  });

  after(() => session?.close());

  /** A row of the tree by the beginning of what a screen reader says of it. */
  const row = (label: string): Row =>
    session.page.locator(`.pane-body .monaco-list-row[aria-label^="${label}"]`).first();
  const shown = (label: string): Promise<void> => row(label).waitFor({ timeout: PATIENCE });
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await session.page.keyboard.press(key);
  };

  it('says what to do before there is a module in it', async () => {
    await session.runCommand('View: Show Wasm Hazards');
    const button = session.page.locator('.welcome-view-content a.monaco-button').first();
    await button.waitFor({ timeout: PATIENCE });
    assert.equal(await button.innerText(), 'Analyse all modules in workspace');
    await button.click();
  });

  it('lists modules with their verdicts, a text and its binary as one', async () => {
    await shown('counter-global.wat, Not safe');
    await shown('pure.wat, No conflict found');
    await session.page
      .locator('.notification-toast')
      .filter({ hasText: 'Analysing modules' })
      .waitFor({ timeout: PATIENCE, state: 'hidden' });
    assert.match((await row('counter-global.wat').getAttribute('aria-label')) ?? '', /with \.wasm/);
    assert.equal(await row('counter-global.wasm').count(), 0);
    assert.equal(await row('excluded.wat').count(), 0);
  });

  it('keeps files apart that are no modules', async () => {
    const group = row('Cannot be analysed');
    await group.click();
    await shown('broken.wasm, Cannot be analysed');
    await group.click();
  });

  it('counts the modules with findings', async () => {
    const item = '.activitybar .action-item:has([aria-label^="Wasm Hazards"])';
    await session.page
      .locator(`${item} .badge-content`)
      .filter({ hasText: /^\d+$/ })
      .first()
      .waitFor({ timeout: PATIENCE });
  });

  it('leads with the keyboard from the module to its state and to the code', async () => {
    await row('counter-global.wat').click();
    await press('ArrowRight');
    await shown('global $count');
    await row('global $count').click();
    await press('ArrowRight');
    await shown('increment, reads and writes');
    await row('increment, reads and writes').click();
    await session.page
      .locator('.tab.active')
      .filter({ hasText: 'counter-global.wat' })
      .first()
      .waitFor({ timeout: PATIENCE });
    await session.screenshot('tree');
  });

  it('follows a module that is rebuilt', async () => {
    await rm(join(session.folder, 'pure.wasm'));
    await writeFile(
      join(session.folder, 'pure.wat'),
      '(module (global $n (mut i32) (i32.const 0)) (func (export "set") (param i32) (global.set $n (local.get 0))))',
    );
    await shown('pure.wat, Not safe');
  });

  it('runs a stress test of a module, and shows what it found', async () => {
    const { page } = session;
    await row('counter-global.wat').hover();
    await row('counter-global.wat').locator('.action-label[aria-label^="Stress test module"]').click();
    await page
      .locator('.pane-body .monaco-list-row[aria-label^="counter-global.wat"][aria-label*="shown"]')
      .first()
      .waitFor({ timeout: PATIENCE });
    await session.screenshot('tree-stress');
  });
});
