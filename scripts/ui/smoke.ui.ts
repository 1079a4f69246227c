import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

describe('the extension, installed from the .vsix that users get', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({ production: true });
  });

  after(() => session?.close());

  it('is among the installed extensions', async () => {
    await session.runCommand('Extensions: Show Installed Extensions');
    const row = session.page.locator('.extensions-list .monaco-list-row').filter({ hasText: 'Wasm Hazards' });
    await row.first().waitFor({ timeout: PATIENCE });
    await session.runCommand('View: Show Explorer');
  });

  it('does not change how other files open', async () => {
    await writeFile(join(session.folder, 'aa.txt'), 'first line\nsecond line\n');
    await session.openFile('aa.txt');
    assert.deepEqual((await session.visibleLines()).slice(0, 2), ['first line', 'second line']);
    assert.deepEqual(await session.problems(), []);
    await session.runCommand('View: Close All Editors');
  });

  it('shows the hazards of a .wasm on double click, and explains them under the mouse', async () => {
    await session.openFile('counter-global.wasm');
    assert.match((await session.visibleLines())[0], /^\(module/);
    await session.waitForSquiggle();
    const hover = await session.hover('increment');
    assert.match(hover, /increment/);
    assert.match(hover, /writes mutable global/);
    assert.ok((await session.problems()).some((row) => row.includes('global-write')));
    await session.screenshot('counter-global');
  });

  it('runs a stress test from the code lens, and says what went wrong', async () => {
    await session.page.locator('.codelens-decoration a').filter({ hasText: 'Stress test' }).first().click();
    const toast = session.page.locator('.notification-toast').filter({ hasText: /wrong outcome/i });
    await toast.first().waitFor({ timeout: PATIENCE });
    await session.screenshot('counter-global-stressed');
  });
});
