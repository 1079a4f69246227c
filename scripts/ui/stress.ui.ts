import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSession, type Session } from '../vscode/session.ts';

describe('a stress test, started from the command palette', () => {
  let session: Session;

  before(async () => {
    session = await openSession({ size: { width: 1500, height: 950 } });
  });

  after(() => session?.close());

  it('puts the race beside the instructions, and says in the hover what races', async () => {
    await session.openFile('counter-global.wat');
    await session.waitForSquiggle();
    await session.runCommand('Wasm Hazards: Stress test module');
    // What VS Code shows at a failed test: the run is over.
    await session.page.locator('.test-error-content-widget').first().waitFor({ timeout: 60_000, state: 'attached' });
    const hover = await session.hover('global.set');
    assert.match(hover, /Data race on \$count/);
    assert.match(hover, /Schedule A\d+B\d+/);
    await session.screenshot('stress-counter-global');
  });

  it('fails in the Test Explorer at the module', async () => {
    await session.runCommand('Testing: Focus on Test Explorer View');
    const row = session.page
      .locator('.test-explorer .monaco-list-row')
      .filter({ hasText: 'counter-global.wat' })
      .first();
    await row.waitFor({ timeout: 20_000 });
    assert.match((await row.getAttribute('aria-label')) ?? '', /Failed/);
    await session.screenshot('stress-test-explorer');
  });

  it('lists the races among the problems', async () => {
    const rows = await session.problems();
    assert.ok(
      rows.some((row) => /Data race on \$count/.test(row)),
      rows.join('\n'),
    );
  });
});
