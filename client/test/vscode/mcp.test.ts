import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** The extension, and the label of its server. */
const SERVER = 'wasm-hazards.wasm-hazards/Wasm Hazards';

describe('the MCP server', () => {
  it('is offered to agents, starts, and answers', async () => {
    await vscode.extensions.getExtension('wasm-hazards.wasm-hazards')?.activate();
    let check: string | undefined;
    // VS Code learns of servers, and extensions of their tools, a moment later, without an event: ask it until it has.
    while (check === undefined) {
      await vscode.commands.executeCommand('workbench.mcp.startServer', SERVER, { waitForLiveTools: true });
      check = vscode.lm.tools.map(({ name }) => name).find((name) => /hazards.*check$/i.test(name));
    }
    const { content } = await vscode.lm.invokeTool(check, {
      input: { file: 'counter-global.wat', host: 'wazero' },
      toolInvocationToken: undefined,
    });
    const text = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('\n');
    assert.match(text, /Not safe on one instance: concurrent calls share the mutable global/);
  });
});
