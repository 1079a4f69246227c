import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension', () => {
  const extension = () => vscode.extensions.getExtension('wasm-hazards.wasm-hazards');

  it('is present', () => assert.ok(extension(), 'VS Code does not know wasm-hazards.wasm-hazards'));

  it('activates', async () => {
    await extension()?.activate();
    assert.equal(extension()?.isActive, true);
  });

  it('runs in a trusted workspace, in an extension host with WebAssembly', () => {
    assert.equal(vscode.workspace.isTrusted, true);
    assert.ok('WebAssembly' in globalThis);
  });
});
