import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

describe('in a workspace that is not trusted', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({ restricted: true });
  });

  after(() => session?.close());

  it('a module is read and analysed', async () => {
    await session.openFile('counter-global.wat');
    await session.waitForSquiggle();
    assert.match(await session.hover('global.set'), /writes mutable global/);
  });

  it('and not run: the code lens says what is needed', async () => {
    await session.page.locator('.codelens-decoration a').filter({ hasText: 'Stress test' }).first().click();
    const toast = session.page.locator('.notification-toast').filter({ hasText: 'trusted workspace' });
    await toast.first().waitFor({ timeout: PATIENCE });
    await session.screenshot('untrusted');
  });

  it('a wrapper is written, which does not run the module', async () => {
    await session.page.locator('.codelens-decoration a').filter({ hasText: 'Generate wrapper' }).first().click();
    const best = session.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'recommended' });
    await best.first().waitFor({ timeout: PATIENCE });
    await session.screenshot('wrapper-kinds');
    await session.page.keyboard.press('Enter');
    const line = session.page.locator('.view-line').filter({ hasText: /package\s+counterglobal/ });
    await line.first().waitFor({ timeout: PATIENCE });
    await session.screenshot('wrapper');
  });

  it('a name of a file is no link in a notification, which would run a command', async () => {
    const name = '[Click to fix](command:workbench.action.quickOpen).wat';
    await writeFile(join(session.folder, name), '(module (func (export "f") (foo)))');
    await session.openFile(name);
    await session.runCommand('Wasm Hazards: Generate concurrency wrapper');
    const title = session.page.locator('.quick-input-title').filter({ hasText: 'Concurrency wrapper' });
    await title.waitFor({ timeout: PATIENCE });
    await session.page.keyboard.press('Enter');
    const toast = session.page.locator('.notification-toast').filter({ hasText: 'No wrapper could be generated' });
    await toast.first().waitFor({ timeout: PATIENCE });
    const message = toast.first().locator('.notification-list-item-message');
    assert.match(await message.innerText(), /\[Click to fix\] \(command:workbench\.action\.quickOpen\)\.wat/);
    assert.equal(await message.locator('a').count(), 0);
    await session.screenshot('hostile-notification');
  });
});
