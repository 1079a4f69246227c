import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

describe('the first minutes', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({ size: { width: 1500, height: 950 } });
  });

  after(() => session?.close());

  it('show four steps, each with a picture of the product', async () => {
    await session.runCommand('Wasm Hazards: Open walkthrough');
    const { page } = session;
    const steps = page.locator('.getting-started-step');
    await steps.first().waitFor({ timeout: PATIENCE });
    assert.equal(await steps.count(), 4);
    await page.locator('.getting-started-media img').first().waitFor({ timeout: PATIENCE });
    await page.waitForFunction(`document.querySelector('.getting-started-media img')?.naturalWidth > 0`, undefined, {
      timeout: PATIENCE,
    });
    await session.screenshot('tour');
  });

  it('open a sample that has something to show, beside the walkthrough', async () => {
    const { page } = session;
    await page.locator('.getting-started-step .button-container').filter({ hasText: 'Open sample module' }).click();
    await session.waitForSquiggle();
    await page
      .locator('.codelens-decoration')
      .filter({ hasText: /Not safe on one instance/ })
      .first()
      .waitFor({ timeout: PATIENCE });
    await page.locator('.getting-started-step.expanded').first().waitFor({ timeout: PATIENCE });
    await session.screenshot('tour-sample');
  });

  it('have output channels that are not empty', async () => {
    const { page } = session;
    await page.locator('.editor-instance .view-line').first().click();
    await session.runCommand('Wasm Hazards: Stress test module');
    await page.locator('.test-error-content-widget').first().waitFor({ timeout: PATIENCE, state: 'attached' });
    await session.runCommand('Wasm Hazards: Show stress output');
    await page
      .locator('.panel .view-line')
      .filter({ hasText: /instance/ })
      .first()
      .waitFor({ timeout: PATIENCE });
  });

  it('say of a binary that its text is a disassembly', async () => {
    await session.openFile('pure.wasm');
    await session.visibleLines();
    await session.page.locator('.editor-instance .view-line').first().click();
    await session.page.keyboard.press('a');
    const message = session.page.locator('.monaco-editor-overlaymessage');
    await message
      .filter({ hasText: /disassembly of a binary/ })
      .first()
      .waitFor({ timeout: PATIENCE });
  });
});
