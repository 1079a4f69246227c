import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

/** Modules that are analysed for long enough to be stopped. */
const MANY = 150;

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

  /** The list is drawn as far as it can be seen, and lists of what is not analysed are at its end. */
  async function atEnd(label: string, isThere: boolean, text = /(?:)/): Promise<void> {
    const list = session.page.locator('.pane-body .monaco-list:has([aria-label*="Not safe"])').first();
    for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; ) {
      await list.focus();
      await press('End');
      const state = isThere ? 'visible' : 'detached';
      const found = await row(label)
        .filter({ hasText: text })
        .waitFor({ timeout: 1000, state })
        .then(
          () => true,
          () => false,
        );
      if (found) return;
    }
    throw new Error(`${label} is ${isThere ? 'missing' : 'there'}`);
  }

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

  it('stops analysing hundreds of modules when it is told to', async () => {
    const { page } = session;
    const many = join(session.folder, 'many');
    await mkdir(many);
    const text = (n: number): string => `(module (global $n (mut i32) (i32.const ${n}))
      ${Array.from({ length: 40 }, (_, i) => `(func (export "f${i}") (global.set $n (i32.const ${i})))`).join('\n')})`;
    for (let n = 0; n < MANY; n++) await writeFile(join(many, `m${n}.wat`), text(n));
    await atEnd('Not analysed', true);
    await session.runCommand('Wasm Hazards: Analyse all modules in workspace');
    const toast = page.locator('.notification-toast').filter({ hasText: 'Analysing modules' });
    await toast.filter({ hasText: /\d of \d+/ }).waitFor({ timeout: PATIENCE });
    await toast.hover();
    await toast.locator('.monaco-button').filter({ hasText: 'Cancel' }).click();
    await toast.waitFor({ timeout: PATIENCE, state: 'hidden' });
    await atEnd('Not analysed', true);
    const left = Number(/\d+/.exec(await row('Not analysed').innerText())?.[0]);
    assert.ok(left > MANY / 2, `${left} are left`);
    await session.screenshot('tree-cancelled');
  });

  it('analyses the others when it is asked again', async () => {
    await session.runCommand('Wasm Hazards: Analyse all modules in workspace');
    await atEnd('Not analysed', false);
    await atEnd(`m${MANY - 1}.wat, Not safe`, true);
  });

  it('follows files.exclude, for files that come later, too', async () => {
    const settings = join(session.folder, '.vscode', 'settings.json');
    await mkdir(join(session.folder, '.vscode'), { recursive: true });
    await writeFile(settings, '{ "files.exclude": { "many": true } }');
    await atEnd(`m${MANY - 1}.wat`, false);
    await writeFile(join(session.folder, 'many', 'late.wat'), '(module)');
    await writeFile(join(session.folder, 'new.wat'), '(module)');
    // Files that are excluded leave the list when VS Code has told of them, and the list may be drawn from its beginning then.
    await atEnd('Not analysed', true, /^Not analysed\s*1$/);
    await row('Not analysed').click();
    await atEnd('new.wat, not analysed', true);
  });
});
