/**
 * Benchmark of the language server under load: how long a hover on a small module takes while large ones are opened, and
 * how much memory four modules of a million exports need.
 */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { textUriOf } from '../../core/text/documentUris.ts';
import { isDiagnosticsOf, startServer, type TestClient } from '../../server/src/testing/languageClient.ts';
import { type CorpusModule, ensureCorpus } from '../corpus/fetch.ts';
import { TEST_FIXTURES } from '../paths.ts';
import { manyExports } from './manyExports.ts';
import { markdown } from './table.ts';

const MILLION = 1_000_000;
const MILLIONS = 4;
/** Between two hovers, in milliseconds: a hand is not faster. */
const PAUSE = 5;
/** What a hover may take, in milliseconds. */
const MOST_HOVER = 100;
const MOST_MEMORY = 2000;

/** What was seen while a module was opened. */
interface Opening {
  name: string;
  /** Slowest answer to a hover on another module, in milliseconds, and how many were asked for. */
  slowest: number;
  hovers: number;
  /** Highest memory of the server so far, in MB; undefined where the system does not tell. */
  peak: number | undefined;
}

/** Opens modules one after the other in one server, as an editor does, and hovers over a small one all the time. */
export async function serverLoad(log: (line: string) => void): Promise<Opening[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-bench-'));
  const client = await startServer({}, [pathToFileURL(folder).href]);
  try {
    const modules: [name: string, write: (path: string) => Promise<void>][] = [
      ...(await ensureCorpus(isLarge)).map(({ name, path }): (typeof modules)[number] => [
        name,
        (to) => copyFile(path, to),
      ]),
      ...Array.from({ length: MILLIONS }, (_, i): (typeof modules)[number] => [
        `${i + 1} of ${MILLIONS} with a million exports`,
        (to) => writeFile(to, manyExports(MILLION, `${String.fromCharCode(97 + i)}_`)),
      ]),
    ];
    const hover = await hoverOn(client, folder);
    const openings: Opening[] = [];
    for (const [i, [name, write]] of modules.entries()) {
      log(name);
      const file = join(folder, `${i}.wasm`);
      await write(file);
      const uri = pathToFileURL(file).href;
      const hovers = await during(hover, () => open(client, uri));
      openings.push({ name, slowest: Math.max(...hovers), hovers: hovers.length, peak: await peakOf(client) });
    }
    return openings;
  } finally {
    client.process.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

const isLarge = ({ name }: CorpusModule): boolean => /esbuild|pyodide|resvg/.test(name);

/** Opens a small module; the result asks for one of its hovers. */
async function hoverOn(client: TestClient, folder: string): Promise<() => Promise<unknown>> {
  const file = join(folder, 'small.wasm');
  await copyFile(join(TEST_FIXTURES, 'counter-global.wasm'), file);
  const uri = pathToFileURL(file).href;
  const text = await client.open(uri);
  await client.event(isDiagnosticsOf(textUriOf(uri), 1));
  const line = text.split('\n').findIndex((one) => one.includes('"increment"'));
  const params = { textDocument: { uri: textUriOf(uri) }, position: { line, character: 12 } };
  return () => client.connection.sendRequest('textDocument/hover', params);
}

/** What an editor asks for when a file is opened. */
async function open(client: TestClient, uri: string): Promise<void> {
  await client.open(uri);
  const textDocument = { uri: textUriOf(uri) };
  await client.event(isDiagnosticsOf(textUriOf(uri), 1));
  const range = { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } };
  await client.request('textDocument/codeLens', { textDocument });
  await client.request('textDocument/inlayHint', { textDocument, range });
  await client.request('textDocument/documentSymbol', { textDocument });
  await client.request('textDocument/foldingRange', { textDocument });
}

/** Milliseconds of each hover until `work` is done. */
async function during(hover: () => Promise<unknown>, work: () => Promise<void>): Promise<number[]> {
  const found: number[] = [];
  let done = false;
  const hovering = (async () => {
    do {
      const started = performance.now();
      await hover();
      found.push(performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    } while (!done);
  })();
  await work();
  done = true;
  await hovering;
  return found;
}

/** Linux only. */
async function peakOf({ process: { pid } }: TestClient): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const found = /^VmHWM:\s+(\d+) kB/m.exec(status);
  return found === null ? undefined : Number(found[1]) / 1024;
}

/** The table. */
export const serverLoadReport = (openings: readonly Opening[]): string =>
  markdown([
    ['opened, one after the other', 'slowest hover meanwhile', 'hovers', 'peak of the server so far'],
    ...openings.map(({ name, slowest, hovers, peak }) => [
      name,
      `${Math.round(slowest)} ms`,
      String(hovers),
      peak === undefined ? 'unknown' : `${Math.round(peak)} MB`,
    ]),
  ]);

/** What is slower or larger than it may be, a sentence each. */
export function serverLoadFaults(openings: readonly Opening[]): string[] {
  return openings.flatMap(({ name, slowest, peak }) => [
    ...(slowest > MOST_HOVER ? [`${name}: a hover took ${Math.round(slowest)} ms, more than ${MOST_HOVER} ms`] : []),
    ...((peak ?? 0) > MOST_MEMORY
      ? [`${name}: the server needed ${Math.round(peak ?? 0)} MB, more than ${MOST_MEMORY} MB`]
      : []),
  ]);
}
