/** A server that is worked with for long: what it holds does not grow, and nothing of what was closed is left. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { random } from '../../../core/testing/random.ts';
import { startServer, type TestClient } from '../../../server/src/testing/languageClient.ts';
import { BINARIES, lastDiagnostics, SETTINGS_TRIED, SessionModel, TEXTS } from './model.ts';
import { randomStep } from './steps.ts';

/** Steps after which all documents are closed, and memory is measured. */
const STEPS_OF_ROUND = 200;

/** How long a soak goes on, and whom it tells. */
export interface SoakOptions {
  seed: number;
  /** Asked before each round. */
  isOver(rounds: number): boolean;
  log?(line: string): void;
}

/** What a soak saw. */
export interface SoakResult {
  rounds: number;
  steps: number;
  /** Requests that were answered. */
  answers: number;
  /** Memory of the server's process after each round, in bytes; empty where the system does not tell. */
  memory: number[];
  /** Threads of the process after each round; empty where the system does not tell. */
  threads: number[];
  /** What was left of closed documents, and what the server logged as a failure. */
  faults: string[];
}

/** Works with one server, as many rounds as it may. */
export async function soak({ seed, isOver, log }: SoakOptions): Promise<SoakResult> {
  const client = await startServer();
  const result: SoakResult = { rounds: 0, steps: 0, answers: 0, memory: [], threads: [], faults: [] };
  const next = random(seed);
  while (!isOver(result.rounds) && result.faults.length === 0) {
    const model = new SessionModel(client);
    client.events.length = 0;
    for (let i = 0; i < STEPS_OF_ROUND; i++) {
      await model.step(randomStep(next, TEXTS.length, BINARIES.length, SETTINGS_TRIED.length));
      result.steps++;
    }
    await model.closeAll();
    const symbols = await client.connection.sendRequest<{ location: { uri: string } }[] | null>('workspace/symbol', {
      query: '',
    });
    result.answers += model.answered;
    result.faults.push(...faultsIn(client, symbols ?? []));
    result.rounds++;
    const pid = client.process.pid ?? 0;
    result.memory.push(...memoryOf(pid));
    result.threads.push(...threadsOf(pid));
    const memory = result.memory.at(-1);
    log?.(
      `${result.steps} steps, ${result.answers} answers, ${memory === undefined ? '?' : Math.round(memory / 1e6)} MB`,
    );
  }
  await client.stop();
  return result;
}

function faultsIn({ events, stdout }: TestClient, symbols: readonly { location: { uri: string } }[]): string[] {
  const uris = new Set(events.flatMap((event) => (event.kind === 'diagnostics' ? [event.uri] : [])));
  const stale = [...uris].filter((uri) => uri.startsWith('file:///fuzz/') && lastDiagnostics(events, uri).length > 0);
  const left = symbols.filter(({ location }) => location.uri.startsWith('file:///fuzz/'));
  const logged = events.flatMap((event) =>
    event.kind === 'log' && /Error\b.*\n\s+at /s.test(event.message) ? [event.message] : [],
  );
  return [
    ...stale.map((uri) => `diagnostics of ${uri} are left when it is closed`),
    ...left.map(({ location }) => `a symbol of ${location.uri} is left when it is closed`),
    ...logged.map((message) => `the server logs ${message.slice(0, 500)}`),
    ...(stdout() === '' ? [] : ['something was written to the stdout of the server']),
  ];
}

/** Resident memory of a process in bytes: no or one number. */
function memoryOf(pid: number): number[] {
  const status = `/proc/${pid}/status`;
  if (existsSync(status)) {
    const kilobytes = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(status, 'utf8'))?.[1];
    return kilobytes === undefined ? [] : [Number(kilobytes) * 1024];
  }
  if (process.platform !== 'darwin') return [];
  return [Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024];
}

/** Threads of a process, where the system lists them: no or one number. */
function threadsOf(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  return existsSync(folder) ? [readdirSync(folder).length] : [];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Rounds in which caches fill and code is compiled. */
const WARM_UP = 10;
/** Growth from the first to the last quarter that is no leak: of the heap's own accord, in bytes. */
const MOST_GROWTH = 64e6;
/** Most memory of the process in bytes, with all its threads. */
const MOST_MEMORY = 1.5e9;

/** What is wrong with the memory of a soak; undefined if nothing is, or too little was measured. */
export function memoryFault({ memory }: Pick<SoakResult, 'memory'>): string | undefined {
  const most = Math.max(0, ...memory);
  if (most > MOST_MEMORY) return `the server took ${Math.round(most / 1e6)} MB`;
  const warm = memory.slice(WARM_UP);
  const quarter = warm.length >> 2;
  if (quarter < 5) return undefined;
  const growth = median(warm.slice(-quarter)) - median(warm.slice(0, quarter));
  return growth > MOST_GROWTH ? `the server grew by ${Math.round(growth / 1e6)} MB` : undefined;
}
