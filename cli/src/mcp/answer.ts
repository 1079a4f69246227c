/** How a tool answers: it runs with an input and output of its own, and its errors are texts that the model reads. */
import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { terminalText } from '../../../core/harmless/terminal.ts';
import { runStress } from '../../../node/stress/runStress.ts';
import { type Io, UsageError } from '../io.ts';
import { shownSentence } from './bounds.ts';

/** What the server allows its tools. */
export interface Allowed {
  /** Whether tools may run code of modules where a call allows it, too. */
  runs: boolean;
}

/** What a tool found: a text for people and models, and the same as data. */
export interface ToolAnswer {
  text: string;
  data: Record<string, unknown>;
  /** There is no result: the text says why. */
  failed?: boolean;
}

/** The world around one call of a tool. */
export interface ToolWorld {
  io: Io;
  /** What was written to standard error, a line each. */
  problems: readonly string[];
}

/** Runs the work of one call. Never rejects: what goes wrong is the text of an answer that is marked as an error. */
export async function answer(
  context: ServerContext,
  work: (world: ToolWorld) => Promise<ToolAnswer>,
): Promise<CallToolResult> {
  const problems: string[] = [];
  try {
    const { text, data, failed } = await work({ io: toolIo(context, problems), problems });
    const content = {
      content: [{ type: 'text' as const, text: terminalText(text) }],
      structuredContent: harmless(data),
    };
    return failed ? { ...content, isError: true } : content;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const text = error instanceof UsageError ? message : `internal error, please report it: ${message}`;
    return { content: [{ type: 'text', text: [...problems, shownSentence(text)].join('\n') }], isError: true };
  }
}

/** The same data with nothing in its texts that hides or reorders them; keys are ours. */
const harmless = <T extends Record<string, unknown>>(data: T): T =>
  JSON.parse(JSON.stringify(data), (_, value: unknown) => (typeof value === 'string' ? terminalText(value) : value));

/** Standard input and output belong to the protocol: a tool reads nothing and writes nothing there. */
function toolIo({ mcpReq }: ServerContext, problems: string[]): Io {
  const progressToken = mcpReq._meta?.progressToken;
  let progress = 0;
  const status = (message: string): void => {
    progress++;
    const params = { progressToken: progressToken ?? 0, progress, message: shownSentence(message) };
    // A client that has gone does not read how far its call is.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
  return {
    out: async () => true,
    err: (line) => void problems.push(shownSentence(line.replace(/^wasm-hazards: /, ''))),
    status: progressToken === undefined ? undefined : status,
    stdin: undefined,
    colour: false,
    columns: undefined,
    signal: mcpReq.signal,
    // Nobody reads the answer of a call that was cancelled: there is no need to wait for it.
    explore: (job, options) => runStress(job, { ...options, enough: undefined, signal: mcpReq.signal }),
  };
}

/** Annotations of a tool that reads files and changes nothing. */
export const READS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;
