/** Fuzzing of the language server by sessions: after any edits it says of a text what it says of the text opened anew. */
import type { Random } from '../../../core/testing/random.ts';
import { compile } from '../../../core/wat/compile.ts';
import { startServer, type TestClient } from '../../../server/src/testing/languageClient.ts';
import { inputOfText, textOfInput } from '../bytes.ts';
import { type FuzzKind, stackOf } from '../kind.ts';
import { stretches } from '../minimise.ts';
import { BINARIES, lastDiagnostics, SETTINGS_TRIED, SessionModel, TEXTS } from './model.ts';
import { DOCUMENTS, randomStep, type SessionStep } from './steps.ts';

/** The number of a document that sessions leave alone: for texts opened anew. */
const FRESH = DOCUMENTS;
const LONGEST = 40;

let client: TestClient | undefined;

const session = (next: Random): SessionStep[] => [
  { do: 'open', doc: 0, text: next(TEXTS.length) },
  ...Array.from({ length: 3 + next(LONGEST) }, () =>
    randomStep(next, TEXTS.length, BINARIES.length, SETTINGS_TRIED.length),
  ),
];

const stepsOf = (input: Uint8Array): SessionStep[] => {
  try {
    const steps: unknown = JSON.parse(textOfInput(input));
    return Array.isArray(steps) ? steps : [];
  } catch {
    return [];
  }
};

const inputOfSteps = (steps: readonly SessionStep[]): Uint8Array =>
  inputOfText(`[\n${steps.map((step) => `  ${JSON.stringify(step)}`).join(',\n')}\n]\n`);

/** Random sessions with one real server. */
export const sessionKind: FuzzKind = {
  id: 'session',
  extension: 'json',
  isGuided: false,
  seeds: async () => [inputOfSteps([{ do: 'open', doc: 0, text: 0 }])],
  generate: async (next) => inputOfSteps(session(next)),
  mutate: (input, next) => inputOfSteps([...stepsOf(input), ...session(next).slice(1)].slice(0, 2 * LONGEST)),
  async check(input) {
    try {
      return await problemOf(stepsOf(input));
    } catch (error) {
      // What it knows is of no use any longer.
      client?.process.kill('SIGKILL');
      client = undefined;
      return `the server fails: ${stackOf(error)}`;
    }
  },
  *smaller(input) {
    const steps = stepsOf(input);
    for (const [from, to] of stretches(steps.length)) yield inputOfSteps([...steps.slice(0, from), ...steps.slice(to)]);
  },
  async dispose() {
    await client?.stop();
    client = undefined;
  },
};

async function problemOf(steps: readonly SessionStep[]): Promise<string | undefined> {
  client ??= await startServer();
  const model = new SessionModel(client);
  client.events.length = 0;
  for (const step of steps) await model.step(step);
  for (let doc = 0; doc < DOCUMENTS; doc++) {
    const text = model.textOf(doc);
    // While a text does not compile, the last analysis of it goes on answering; opened anew it has none.
    if (text === undefined || !(await compiles(text))) continue;
    const found = await differsFromFresh(client, model, doc, text);
    if (found !== undefined) return found;
  }
  await model.closeAll();
  // Answered after all that came before it.
  const symbols = await client.connection.sendRequest<object[]>('workspace/symbol', { query: '' });
  return leftOver(client, symbols) ?? failureIn(client);
}

const compiles = async (text: string): Promise<boolean> => 'bytes' in (await compile(text));

/** What is told of a document and of its text opened anew, without what differs by name. */
async function differsFromFresh(
  { request, connection, events }: TestClient,
  model: SessionModel,
  doc: number,
  text: string,
): Promise<string | undefined> {
  await model.open(FRESH, text);
  const told: string[] = [];
  for (const one of [doc, FRESH]) {
    const uri = model.uriOf(one);
    await request('wasmHazards/analyse', { uri });
    const textDocument = { uri };
    const lenses = await connection.sendRequest('textDocument/codeLens', { textDocument });
    const symbols = await connection.sendRequest('textDocument/documentSymbol', { textDocument });
    const diagnostics = lastDiagnostics(events, uri);
    told.push(
      JSON.stringify({ diagnostics, lenses, symbols })
        .replaceAll(uri, 'URI')
        .replaceAll(/session-\d+-\d+/g, 'NAME'),
    );
  }
  await model.close(FRESH);
  if (told[0] === told[1]) return undefined;
  const at = [...told[0]].findIndex((character, i) => character !== told[1][i]);
  return `after edits: ${told[0].slice(Math.max(0, at - 60), at + 60)}\nopened anew: ${told[1].slice(Math.max(0, at - 60), at + 60)}`;
}

/** Findings and symbols of what is closed. */
function leftOver({ events }: TestClient, symbols: readonly object[] | null): string | undefined {
  const uris = new Set(events.flatMap((event) => (event.kind === 'diagnostics' ? [event.uri] : [])));
  const stale = [...uris].find((uri) => lastDiagnostics(events, uri).length > 0);
  if (stale !== undefined) return `diagnostics of ${stale} are left when it is closed`;
  const left = JSON.stringify(symbols ?? []).match(/file:\/\/\/fuzz\/[^"]*/)?.[0];
  return left === undefined ? undefined : `symbols of ${left} are left when it is closed`;
}

/** What the server logged that is a defect. */
function failureIn({ events, stdout }: TestClient): string | undefined {
  if (stdout() !== '') return 'something was written to the stdout of the server';
  const log = events.find((event) => event.kind === 'log' && /Error\b.*\n\s+at /s.test(event.message));
  return log?.kind === 'log' ? `the server logs ${log.message.slice(0, 1000)}` : undefined;
}
