/** For tests: a client of the SDK, connected to the server in a process of its own. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type CallToolResult, Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** The program `wasm-hazards`, from the sources. */
export const PROGRAM = join(import.meta.dirname, '../../main.ts');

/** A connected client. */
export interface TestClient {
  client: Client;
  /** Calls a tool, and expects an answer that is no error. */
  call(name: string, args: object): Promise<{ text: string; data: Record<string, unknown> }>;
  /** Calls a tool, and expects an error: its text. */
  refused(name: string, args: object): Promise<string>;
  /** What the client could not read on the server's standard output. */
  errors: Error[];
  close(): Promise<void>;
}

/** Starts the server with these options in a folder. */
export async function connect(cwd: string, options: readonly string[] = []): Promise<TestClient> {
  const client = new Client({ name: 'test', version: '1' });
  const errors: Error[] = [];
  client.onerror = (error) => void errors.push(error);
  const args = [PROGRAM, 'mcp', ...options];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd }));
  const answer = async (name: string, args: object): Promise<{ result: CallToolResult; text: string }> => {
    const result = (await client.callTool({ name, arguments: { ...args } })) as CallToolResult;
    const [first, ...more] = result.content;
    assert.deepEqual(more, []);
    assert.ok(first.type === 'text');
    return { result, text: first.text };
  };
  return {
    client,
    errors,
    async call(name, args) {
      const { result, text } = await answer(name, args);
      assert.ok(!result.isError, text);
      return { text, data: result.structuredContent as Record<string, unknown> };
    },
    async refused(name, args) {
      const { result, text } = await answer(name, args);
      assert.equal(result.isError, true, text);
      return text;
    },
    close: () => client.close(),
  };
}
