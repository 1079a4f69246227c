import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

describe('tools for AI agents', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({ settings: { 'chat.disableAIFeatures': false } });
  });

  after(() => session?.close());

  const choice = (text: string) =>
    session.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();

  it('VS Code lists their server, starts it and finds its tools', async () => {
    // The extension is active when a module is open.
    await session.openFile('counter-global.wat');
    await session.waitForSquiggle();
    await session.runCommand('MCP: List Servers');
    await choice('Wasm Hazards').click({ timeout: PATIENCE });
    await choice('Start Server').click({ timeout: PATIENCE });
    const log = session.page.locator('.output-view .view-line').filter({ hasText: 'Discovered' });
    await log.waitFor({ timeout: PATIENCE });
    assert.match(await log.innerText(), /Discovered\s6\stools/);
    await session.screenshot('agents');
  });
});
