/** Fuzzing of the language server by messages that no client should send: it answers each request, and goes on. */
import { textUriOf } from '../../../core/text/documentUris.ts';
import { DEFAULT_SETTINGS } from '../../../server/src/defaultSettings.ts';
import { startServer, type TestClient } from '../../../server/src/testing/languageClient.ts';
import { inputOfText, textOfInput } from '../bytes.ts';
import { mutatedJson } from '../json.ts';
import { type FuzzKind, stackOf } from '../kind.ts';
import { stretches } from '../minimise.ts';
import { BINARIES, lastDiagnostics, TEXTS } from './model.ts';
import { QUESTIONS } from './steps.ts';

/** A message: a request if `ask`, else a notification. */
interface Message {
  method: string;
  params?: unknown;
  ask?: boolean;
}

const SOURCE = 'file:///fuzz/protocol.wat';
const [BINARY] = BINARIES;
const at = { line: 3, character: 5 };
const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
const textDocument = { uri: SOURCE };
const item = { name: 'f', kind: 12, uri: SOURCE, range, selectionRange: range, data: 0 };

/** One of each message that a client sends, in an order that makes sense. */
const MESSAGES: readonly Message[] = [
  {
    method: 'textDocument/didOpen',
    params: { textDocument: { uri: SOURCE, languageId: 'wat', version: 1, text: TEXTS[0] } },
  },
  { method: 'wasmHazards/text', params: { uri: BINARY, expand: [0] }, ask: true },
  {
    method: 'textDocument/didOpen',
    params: { textDocument: { uri: textUriOf(BINARY), languageId: 'wat', version: 1, text: 'x' } },
  },
  ...QUESTIONS.map((method) => ({
    method,
    params: {
      textDocument,
      position: at,
      range,
      context: { diagnostics: [], includeDeclaration: true },
      uri: SOURCE,
      ...at,
      parent: '',
      limit: 9,
    },
    ask: true,
  })),
  {
    method: 'textDocument/didChange',
    params: { textDocument: { uri: SOURCE, version: 2 }, contentChanges: [{ range, text: '(module' }] },
  },
  {
    method: 'textDocument/didChange',
    params: { textDocument: { uri: SOURCE, version: 3 }, contentChanges: [{ text: TEXTS[1] }] },
  },
  { method: 'callHierarchy/incomingCalls', params: { item }, ask: true },
  { method: 'callHierarchy/outgoingCalls', params: { item }, ask: true },
  { method: 'textDocument/documentLink', params: { textDocument }, ask: true },
  { method: 'textDocument/foldingRange', params: { textDocument: { uri: textUriOf(BINARY) } }, ask: true },
  { method: 'workspace/symbol', params: { query: 'inc' }, ask: true },
  { method: 'wasmHazards/analyse', params: { uri: BINARY }, ask: true },
  {
    method: 'wasmHazards/reportQuestion',
    params: { uri: BINARY, question: 'conflict', params: { a: 0, b: 1 } },
    ask: true,
  },
  { method: 'wasmHazards/locate', params: { uri: BINARY, offsets: [0, 60, 1e9] }, ask: true },
  { method: 'wasmHazards/export', params: { uri: BINARY, exportName: 'increment' }, ask: true },
  { method: 'wasmHazards/moduleRow', params: { uri: BINARY }, ask: true },
  { method: 'wasmHazards/originalHover', params: { uri: 'file:///fuzz/a.c', line: 3 }, ask: true },
  { method: 'wasmHazards/codeOf', params: { uri: 'file:///fuzz/a.c', line: 3 }, ask: true },
  { method: 'wasmHazards/originalsOf', params: { uri: BINARY, offsets: [60] }, ask: true },
  { method: 'wasmHazards/originalAt', params: { uri: textUriOf(BINARY), ...at }, ask: true },
  { method: 'wasmHazards/binaryChanged', params: { uri: BINARY } },
  { method: 'wasmHazards/openElsewhere', params: { uris: [BINARY] } },
  { method: 'wasmHazards/shown', params: { uri: SOURCE, content: '0', runs: [] } },
  { method: 'wasmHazards/originals', params: { files: [{ uri: 'file:///fuzz/a.c', modules: [BINARY] }] } },
  { method: 'wasmHazards/settings', params: { ...DEFAULT_SETTINGS } },
  { method: 'workspace/didChangeWatchedFiles', params: { changes: [{ uri: 'file:///fuzz/go.mod', type: 2 }] } },
  {
    method: 'workspace/didChangeWorkspaceFolders',
    params: { event: { added: [{ uri: 'file:///fuzz', name: 'f' }], removed: [] } },
  },
  { method: '$/cancelRequest', params: { id: 1_000_000 } },
  { method: '$/setTrace', params: { value: 'verbose' } },
  { method: '$/progress', params: { token: 1, value: { kind: 'end' } } },
  { method: 'textDocument/didClose', params: { textDocument } },
];

/** What a message may contain instead of what it should. */
const VALUES: readonly unknown[] = [
  0,
  1,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  'x',
  '',
  SOURCE,
  BINARY,
  textUriOf(BINARY),
  'file:///nowhere.wasm',
  'untitled:1',
  '%',
  'file:///%00',
  'constructor',
  '__proto__',
  '\ud800',
  null,
  true,
  [],
  {},
  [[]],
  { line: -1, character: -1 },
  { line: 1e9, character: 1e9 },
];
const KEYS = ['uri', 'text', 'range', 'position', 'version', 'line', 'toString', 'length', 'expand', 'have'];

/** What ends the server, or begins it. */
const LEFT_OUT = /^(?:exit|shutdown|initialize)$/;

const messagesOf = (input: Uint8Array): Message[] => {
  try {
    const messages: unknown = JSON.parse(textOfInput(input));
    if (!Array.isArray(messages)) return [];
    return messages.filter(
      (one: Partial<Message> | null) => typeof one?.method === 'string' && !LEFT_OUT.test(one.method),
    );
  } catch {
    return [];
  }
};

const inputOfMessages = (messages: readonly unknown[]): Uint8Array =>
  inputOfText(`[\n${messages.map((message) => `  ${JSON.stringify(message)}`).join(',\n')}\n]\n`);

let client: TestClient | undefined;
let ended = new Promise<string>(() => {});

/** Damaged messages to one real server. */
export const protocolKind: FuzzKind = {
  id: 'protocol',
  extension: 'json',
  isGuided: false,
  seeds: async () => [inputOfMessages(MESSAGES)],
  mutate(input, next) {
    let messages: unknown = messagesOf(input);
    for (let times = 1 + next(12); times > 0; times--) messages = mutatedJson(messages, next, VALUES, KEYS);
    return inputOfMessages(Array.isArray(messages) ? messages : []);
  },
  async check(input) {
    try {
      return await problemOf(messagesOf(input));
    } catch (error) {
      client?.process.kill('SIGKILL');
      client = undefined;
      return `the server fails: ${stackOf(error)}`;
    }
  },
  *smaller(input) {
    const messages = messagesOf(input);
    for (const [from, to] of stretches(messages.length)) {
      yield inputOfMessages([...messages.slice(0, from), ...messages.slice(to)]);
    }
  },
  async dispose() {
    await client?.stop();
    client = undefined;
  },
};

async function started(): Promise<TestClient> {
  const server = await startServer();
  ended = new Promise((resolve) => server.process.once('exit', (code, signal) => resolve(String(signal ?? code))));
  return server;
}

let number = 0;

async function problemOf(messages: readonly Message[]): Promise<string | undefined> {
  client ??= await started();
  const { connection, events, stdout } = client;
  events.length = 0;
  const answers: Promise<unknown>[] = [];
  for (const { method, params, ask } of messages) {
    // A refusal is an answer.
    if (ask === true) answers.push(connection.sendRequest(method, params ?? null).catch(() => undefined));
    else void connection.sendNotification(method, params ?? null);
  }
  const how = await Promise.race([Promise.all(answers).then(() => undefined), ended]);
  if (how !== undefined) {
    client = undefined;
    return `the server ends: ${how}`;
  }
  if (stdout() !== '') return 'something was written to the stdout of the server';
  return Promise.race([stillRight(client), ended.then((how) => `the server ends: ${how}`)]);
}

/** A document is still opened, analysed and closed as ever. */
async function stillRight({ connection, events, request, notify }: TestClient): Promise<string | undefined> {
  notify('wasmHazards/settings', DEFAULT_SETTINGS);
  const uri = `file:///fuzz/after-${++number}.wat`;
  notify('textDocument/didOpen', { textDocument: { uri, languageId: 'wat', version: 1, text: TEXTS[0] } });
  const { exports } = await request('wasmHazards/analyse', { uri });
  const lenses = await connection.sendRequest<object[] | null>('textDocument/codeLens', { textDocument: { uri } });
  const found = lastDiagnostics(events, uri).length;
  notify('textDocument/didClose', { textDocument: { uri } });
  for (const left of [SOURCE, textUriOf(BINARY)]) notify('textDocument/didClose', { textDocument: { uri: left } });
  if (exports === 2 && found > 0 && (lenses?.length ?? 0) > 0) return undefined;
  return `after these messages a document has ${exports} exports, ${found} findings, ${lenses?.length} lenses`;
}
