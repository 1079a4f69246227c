/** The tool `wrap`: generated code for calling a module from many threads. */
import { basename } from 'node:path';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { WRAP_KINDS } from '../../../core/wrap/template.ts';
import { wrapped } from '../wrap/wrap.ts';
import { parseWrapOptions } from '../wrap/wrapOptions.ts';
import { answer, READS } from './answer.ts';
import { FILE, HOST, MODEL } from './arguments.ts';

const RESULT = z.object({
  language: z.string(),
  fileName: z.string().describe('Suggested name of the file.'),
  code: z.string(),
});

/** Adds the tool to a server. */
export function registerWrapTool(server: McpServer): void {
  server.registerTool(
    'wrap',
    {
      title: 'Generate a concurrency wrapper',
      description:
        'Writes code for calling a module from many threads, for the runtime that embeds it: pool (an instance for each caller), mutex (one instance behind a lock), or test (a test that makes concurrent calls). Reads the module, never runs it, and saves nothing.',
      inputSchema: z.object({
        file: FILE,
        kind: z.enum(WRAP_KINDS).describe('What to write.'),
        host: HOST,
        model: MODEL,
        package: z.string().optional().describe('Name of the Go package.'),
        type: z.string().optional().describe('Beginning of the names of types and functions, such as Codec.'),
        async: z.boolean().default(false).describe('Write async functions (Rust for Wasmtime: pool and mutex).'),
      }),
      outputSchema: RESULT,
      annotations: READS,
    },
    ({ file, kind, host, model, package: packageName, type, async: asynchronous }, context) =>
      answer(context, async ({ io }) => {
        const words = [`--kind=${kind}`, `--host=${host}`, `--model=${model}`];
        if (packageName !== undefined) words.push(`--package=${packageName}`);
        if (type !== undefined) words.push(`--type=${type}`);
        if (asynchronous) words.push('--async');
        const { language, fileName, text } = await wrapped(parseWrapOptions([...words, '--', file]), io);
        const data: z.infer<typeof RESULT> = { language, fileName: basename(fileName), code: text };
        return { text, data };
      }),
  );
}
