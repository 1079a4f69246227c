import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the MCP server', () => {
  it('is offered to agents, starts, and answers', async () => {
    await vscode.extensions.getExtension('wasm-hazards.wasm-hazards')?.activate();
    await vscode.commands.executeCommand('workbench.mcp.startServer', 'wasm-hazards.wasm-hazards/Wasm Hazards', {
      waitForLiveTools: true,
    });
    const names = vscode.lm.tools.map(({ name }) => name);
    const check = names.find((name) => /hazards.*check$/i.test(name));
    assert.ok(check, `there is no tool check among ${names.join(', ')}`);
    const { content } = await vscode.lm.invokeTool(check, {
      input: { file: 'counter-global.wat', host: 'wazero' },
      toolInvocationToken: undefined,
    });
    const text = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('\n');
    assert.match(text, /Not safe on one instance: concurrent calls share the mutable global/);
  });
});
