/** Runs one process of the driver: one scenario in one mode. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriverResult, DriverRun } from '../../core/verify/driverResult.ts';
import type { PlannedVerify, VerifyProcess } from '../../core/verify/plan.ts';
import { type DriverFolder, endProcessGroup } from './driverFolder.ts';
import { ReportStream } from './reportStream.ts';

/** Reports whose stacks or addresses were seen before are written, too: all wasm shares the frames of the interpreter. */
const GORACE = 'suppress_equal_stacks=0 suppress_equal_addresses=0 halt_on_error=0 exitcode=0';
/** Seconds beyond all of its own limits after which a process is ended from outside. */
const GRACE = 60;

/** How a process is watched. */
export interface ProcessOptions {
  /** Both end the process; after `enough`, what it has written by then counts. */
  signal?: AbortSignal;
  enough?: AbortSignal;
  onProgress?(phase: string, count: number): void;
}

/** Runs a driver to its end; `Result` is what it leaves. Never rejects. */
export function runDriver<Result = DriverResult>(
  scratch: DriverFolder,
  program: string,
  { plan, files }: { plan: object; files: PlannedVerify['files'] },
  how: VerifyProcess,
  { signal, enough, onProgress }: ProcessOptions,
): Promise<DriverRun<Result>> {
  const folder = scratch.unique('run');
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  const planPath = join(folder, 'plan.json');
  const resultPath = join(folder, 'result.json');
  writeFileSync(planPath, JSON.stringify({ ...plan, ...how }));
  writeFileSync(resultPath, '');
  return new Promise((resolve) => {
    const stream = new ReportStream();
    const child = scratch.start(program, [], {
      cwd: folder,
      env: {
        ...process.env,
        GORACE,
        GOTRACEBACK: 'all',
        WASM_HAZARDS_PLAN: planPath,
        WASM_HAZARDS_RESULT: resultPath,
      },
      // It ends with this process, which holds the other end of its standard input.
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stopped = false;
    const stop = (): void => {
      stopped = true;
      endProcessGroup(child);
    };
    const limit = how.loadSeconds + how.serialSeconds + how.seconds + 3 * how.callSeconds + GRACE;
    const timer = setTimeout(stop, limit * 1000);
    const signals = [signal, enough].filter((one) => one !== undefined);
    for (const one of signals) one.addEventListener('abort', stop, { once: true });
    if (signals.some(({ aborted }) => aborted)) stop();
    const end = (ended: number | string): void => {
      clearTimeout(timer);
      for (const one of signals) one.removeEventListener('abort', stop);
      const result = resultIn<Result>(resultPath);
      rmSync(folder, { recursive: true, force: true });
      resolve({ result, reported: stream.reported, output: stream.end(ended !== 0 && !stopped), stopped, ended });
    };
    let lines = '';
    child.stdin?.on('error', () => {}); // It has ended.
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (lines + text).split('\n');
      lines = parts.pop() ?? '';
      const last = parts.at(-1);
      if (last === undefined) return;
      const told = progressIn(last);
      if (told !== undefined) onProgress?.(told.phase, told.count);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => stream.take(text));
    child.once('error', (error) => end(error.message));
    child.once('close', (code, killed) => end(killed ?? code ?? 0));
  });
}

function progressIn(line: string): { phase: string; count: number } | undefined {
  try {
    return JSON.parse(line) as { phase: string; count: number };
  } catch {
    return undefined; // Not a line of the driver.
  }
}

function resultIn<Result>(path: string): Result | undefined {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text === '' ? undefined : (JSON.parse(text) as Result);
}
