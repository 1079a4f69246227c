import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { OtherExtension } from '../vscode/otherExtension.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

/** An extension that claims all binaries for an editor of its own, as the VS Code edition of Hexana does. */
const BINARY_EDITOR: OtherExtension = {
  manifest: {
    name: 'other-editor',
    publisher: 'other',
    version: '1.0.0',
    displayName: 'Other editor',
    description: 'Shows binaries.',
    engines: { vscode: '^1.100.0' },
    main: './main.js',
    contributes: {
      customEditors: [
        {
          viewType: 'other.wasmEditor',
          displayName: 'Other binary editor',
          selector: [{ filenamePattern: '*.wasm' }],
          priority: 'default',
        },
      ],
      configurationDefaults: { 'workbench.editorAssociations': { '*.wasm': 'other.wasmEditor' } },
    },
  },
  files: {
    'main.js': `const { window } = require('vscode');
exports.activate = (context) => context.subscriptions.push(
  window.registerCustomEditorProvider('other.wasmEditor', {
    openCustomDocument: (uri) => ({ uri, dispose() {} }),
    resolveCustomEditor: (_document, panel) => { panel.webview.html = '<p>Other editor</p>'; },
  }),
);`,
  },
};

describe('beside an extension that claims all binaries', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({
      others: [BINARY_EDITOR],
      settings: {
        'workbench.editorAssociations': { '*.wasm': 'other.wasmEditor' },
        'wasmHazards.stress.hammerSeconds': 1,
      },
    });
  });

  after(() => session?.close());

  const activeTab = (): Promise<string> =>
    session.page.locator('.tab.active').first().getAttribute('data-resource-name').then(String);

  it('a double click opens the editor of the other, and the findings are among the problems', async () => {
    await session.openFile('counter-global.wasm');
    await session.page.locator('iframe.webview').first().waitFor({ timeout: PATIENCE, state: 'attached' });
    const row = session.page.locator('.markers-panel .monaco-list-row').filter({ hasText: 'global-write' }).first();
    await session.problems();
    await row.waitFor({ timeout: PATIENCE });
    assert.equal(await session.page.locator('.view-lines').count(), 0);
  });

  it('the status bar tells the verdict', async () => {
    await session.page
      .locator('.statusbar-item')
      .filter({ hasText: 'Not safe' })
      .first()
      .waitFor({ timeout: PATIENCE });
  });

  it('a command opens the text', async () => {
    await session.runCommand('Wasm Hazards: Open as WebAssembly text');
    assert.match((await session.visibleLines())[0], /^\(module/);
    await session.screenshot('coexistence');
    await session.runCommand('View: Close All Editors');
  });

  it('problems of a binary are gone when the other editor is closed', async () => {
    await session.openFile('shadow-stack.wasm');
    const row = session.page
      .locator('.markers-panel .monaco-list-row')
      .filter({ hasText: 'shadow-stack.wasm' })
      .first();
    await session.problems();
    await row.waitFor({ timeout: PATIENCE });
    await session.runCommand('View: Close All Editors');
    await row.waitFor({ timeout: PATIENCE, state: 'detached' });
  });

  it('"Reopen with" offers the text', async () => {
    await session.openFile('counter-memory.wasm');
    await session.runCommand('View: Focus Problems (Errors, Warnings, Infos)');
    // The command asks on in the same list.
    await session.page.keyboard.press('F1');
    const input = session.page.locator('.quick-input-widget input.input');
    await input.waitFor({ timeout: PATIENCE, state: 'visible' });
    await input.fill('>View: Reopen Editor With...');
    await session.page
      .locator('.quick-input-list .monaco-list-row[aria-label^="View: Reopen Editor With"]')
      .first()
      .click();
    await session.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: 'WebAssembly Text' })
      .first()
      .click();
    await session.page.locator('.view-lines').first().waitFor({ timeout: PATIENCE });
    assert.match((await session.visibleLines())[0], /^\(module/);
  });

  it('a stress test runs without a text', async () => {
    await session.runCommand('View: Close All Editors');
    await session.openFile('counter-global.wasm');
    await session.runCommand('Wasm Hazards: Stress test module');
    await session.page.locator('.statusbar-item').filter({ hasText: 'shown' }).first().waitFor({ timeout: PATIENCE });
    assert.equal(await activeTab(), 'counter-global.wasm');
  });
});
