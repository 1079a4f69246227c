import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TEST_FIXTURES } from '../paths.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

for (const theme of ['light', 'dark'] as const)
  describe(`a C file that a module was compiled from, ${theme}`, () => {
    let session: VscodeSession;

    before(async () => {
      session = await openSession({
        folder: join(TEST_FIXTURES, 'source/c'),
        theme,
        size: { width: 1600, height: 900 },
        settings: { 'wasmHazards.stress.hammerSeconds': 2 },
      });
    });

    after(() => session?.close());

    it('has findings, which the mouse explains', async () => {
      await session.openFile('visits.c');
      await session.waitForSquiggle();
      const hover = await session.hover('before + 1');
      assert.match(hover, /visits \(int, visits\.c:6/);
      assert.match(hover, /Show the WebAssembly of this line/);
      await session.screenshot(`original-hover-${theme}`);
    });

    it('offers the way to its code in its context menu; another file says what it lacks', async () => {
      const { page } = session;
      const menu = page.locator('.monaco-menu .action-label').filter({ hasText: 'Show the WebAssembly of this line' });
      await page.locator('.view-line').filter({ hasText: 'visits = before + 1;' }).first().click();
      await page.keyboard.press('Shift+F10');
      await menu.first().waitFor({ timeout: PATIENCE });
      await page.keyboard.press('Escape');
      await writeFile(join(session.folder, 'other.c'), 'int other;\n');
      await session.openFile('other.c');
      await session.runCommand('Wasm Hazards: Show the WebAssembly of this line');
      const toast = page.locator('.notification-toast').filter({ hasText: 'has debug information for other.c' });
      await toast.first().waitFor({ timeout: PATIENCE });
      await session.runCommand('Notifications: Clear All Notifications');
      await session.openFile('visits.c');
    });

    it('shows the code of a line beside it, with the code of the line marked', async () => {
      const { page } = session;
      await page.locator('.view-line').filter({ hasText: 'visits = before + 1;' }).first().click();
      await session.runCommand('Wasm Hazards: Show the WebAssembly of this line');
      await page.locator('.view-line').filter({ hasText: 'i32.store' }).first().waitFor({ timeout: PATIENCE });
      assert.equal(await page.locator('.editor-group-container').count(), 2);
      // The cursor in the text marks the line in the file, and that of the file the code.
      await page.locator('.view-line').filter({ hasText: 'int before = visits;' }).first().click();
      await session.screenshot(`original-side-by-side-${theme}`);
    });

    it('goes to the source from the context menu of the text, which the keyboard opens', async () => {
      const { page } = session;
      await page.locator('.view-line').filter({ hasText: 'i32.store' }).first().click();
      await page.keyboard.press('Shift+F10');
      const item = page.locator('.monaco-menu .action-label').filter({ hasText: 'Go to source' }).first();
      await item.waitFor({ timeout: PATIENCE });
      await session.screenshot(`original-menu-${theme}`);
      await page.keyboard.press('Escape');
      await session.runCommand('Wasm Hazards: Go to source');
      await page.locator('.tabs-container .tab.active').filter({ hasText: 'visits.c' }).first().waitFor();
    });

    it('tells after a stress test what is lost, and marks the racing lines', async () => {
      const { page } = session;
      await page.locator('.codelens-decoration a').filter({ hasText: 'Stress test' }).first().click();
      const lens = page.locator('.codelens-decoration').filter({ hasText: 'called by two callers at once' });
      await lens.first().waitFor({ timeout: PATIENCE });
      assert.match(await lens.first().innerText(), /this loses updates \(\d+ schedules? explored\)/);
      await session.screenshot(`original-stress-${theme}`);
    });
  });
