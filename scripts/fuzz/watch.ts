/** Runs the fuzzing of a kind in a process of its own, and ends it when an input does not. */
import { execFile, fork } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import type { FromChild } from './child.ts';
import { writeFailure } from './failures.ts';
import type { FuzzKind } from './kind.ts';
import type { LoopResult } from './loop.ts';

/** Silence after which a process is ended; a failure that gets smaller breaks it. */
const MOST_SILENCE_MS = 30_000;
/** Heap of the process in MB: an input that needs more is a failure. */
const HEAP_MB = 2048;

/** Fuzzes for a time. Failures are logged, and so is an input that ends the process or does not end. */
export async function watched(
  kind: FuzzKind,
  seed: number,
  milliseconds: number,
  log: (line: string) => void,
): Promise<LoopResult> {
  const end = performance.now() + milliseconds;
  const total: LoopResult = { inputs: 0, failures: 0, reached: 0 };
  for (let round = 0; performance.now() < end; round++) {
    // Other inputs than those before the process ended.
    const one = await oneProcess(kind, seed + round * 1_000_003, end - performance.now(), log);
    total.inputs += one.inputs;
    total.failures += one.failures;
    total.reached = Math.max(total.reached, one.reached);
  }
  return total;
}

async function oneProcess(
  kind: FuzzKind,
  seed: number,
  milliseconds: number,
  log: (line: string) => void,
): Promise<LoopResult> {
  const folder = join(ROOT, '.cache/fuzz');
  mkdirSync(folder, { recursive: true });
  const current = join(folder, `current-${kind.id}.${kind.extension}`);
  const child = fork(join(import.meta.dirname, 'child.ts'), [kind.id, String(seed), String(milliseconds), current], {
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
  });
  let inputs = 0;
  let failures = 0;
  let result: LoopResult | undefined;
  let timer: NodeJS.Timeout | undefined;
  const listen = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => child.kill('SIGKILL'), MOST_SILENCE_MS);
  };
  listen();
  child.on('message', (message) => {
    listen();
    const from = message as FromChild;
    if (from.kind === 'alive') inputs = from.inputs;
    else if (from.kind === 'failed') {
      failures++;
      log(from.text);
    } else result = from.result;
  });
  const how = await new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal)),
  );
  clearTimeout(timer);
  if (result !== undefined) return result;
  const input = new Uint8Array(readFileSync(current));
  const alone = await checkedAlone(kind, current);
  // An engine that stops for reasons of its own, as V8 does now and then while it counts coverage, says nothing of the input.
  if (alone === undefined) log(`${kind.id}: the process ended (${how}) and was started again; its last input is right`);
  else log(writeFailure(kind, input, alone));
  return { inputs, failures: failures + (alone === undefined ? 0 : 1), reached: 0 };
}

/** What is wrong with an input when a process checks nothing else; undefined if nothing is. */
function checkedAlone(kind: FuzzKind, file: string): Promise<string | undefined> {
  const fuzz = join(import.meta.dirname, '../fuzz.ts');
  const args = [`--max-old-space-size=${HEAP_MB}`, fuzz, '--only', kind.id, '--input', file];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: MOST_SILENCE_MS, killSignal: 'SIGKILL' }, (error, stdout) => {
      if (error === null) resolve(undefined);
      else if (error.killed) resolve(`does not end within ${MOST_SILENCE_MS / 1000} s`);
      else resolve(stdout.trim() || `ends the process: ${error.signal ?? `exit code ${error.code}`}`);
    });
  });
}
