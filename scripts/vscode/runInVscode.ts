/** One guarded run of the tests inside VS Code. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONSOLE_LOG } from '../paths.ts';
import { type Choice, choose, currentCircumstances } from './choose.ts';
import { ensureStandIn } from './install.ts';
import { endGroup } from './processes.ts';
import { EXIT, type Judgement, judge, type ProcessEnd, readVerdict } from './verdict.ts';
import { scratchWorkspace } from './workspace.ts';

/**
 * Time limit of a run. A run takes a minute or two in parallel with other tests; a cold machine that downloads VS Code
 * needs more.
 */
const DEFAULT_SECONDS = 1200;

/** Options of a run. */
export interface RunFlags {
  /** Only tests whose full title contains this. */
  readonly grep?: string;
  readonly seconds?: number;
  readonly log: (line: string) => void;
  /** Where the report of the tests goes; standard output by default. */
  readonly output?: NodeJS.WritableStream;
}

/** Chooses a VS Code, runs the bundled tests in it and judges the result. The bundles must have been built. */
export async function runInVscode(flags: RunFlags): Promise<Judgement> {
  const choice = await choose(currentCircumstances());
  flags.log(`VS Code under test: ${describe(choice)} (${choice.reason})`);
  const executable = await executableOf(choice, flags.log);
  const seconds = flags.seconds ?? (Number(process.env.WASM_HAZARDS_TEST_SECONDS) || DEFAULT_SECONDS);
  const scratch = await scratchWorkspace();
  try {
    const verdictFile = join(scratch.data, 'verdict.json');
    const launch = [join(import.meta.dirname, 'launch.ts'), scratch.folder, scratch.data];
    const child = spawn(process.execPath, executable ? [...launch, executable] : launch, {
      env: { ...process.env, WASM_HAZARDS_VERDICT: verdictFile, WASM_HAZARDS_GREP: flags.grep ?? '' },
      stdio: flags.output ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      // A separate process group, so that a run that hangs can be killed with all its descendants and nothing else.
      detached: true,
    });
    if (flags.output) for (const stream of [child.stdout, child.stderr]) stream?.pipe(flags.output, { end: false });
    const ending = await endOf(child, seconds);
    const judgement = judge(ending, await readVerdict(verdictFile));
    if (![EXIT.passed as number, EXIT.failed].includes(judgement.exitCode)) await showConsole(flags.log);
    return judgement;
  } finally {
    await scratch.remove();
  }
}

/** Shows the output of VS Code after a run that broke: if the reason is anywhere, it is there. */
async function showConsole(log: (line: string) => void): Promise<void> {
  const text = await readFile(CONSOLE_LOG, 'utf8').catch(() => '');
  log(`--- end of ${CONSOLE_LOG}`);
  for (const line of text.trimEnd().split('\n').slice(-40)) log(line.slice(0, 400));
  log('---');
}

function describe(choice: Choice): string {
  if (choice.kind === 'executable') return choice.path;
  return choice.kind === 'download' ? 'downloaded by test-electron' : "stand-in, code-server's VS Code";
}

async function executableOf(choice: Choice, log: (line: string) => void): Promise<string | undefined> {
  if (choice.kind === 'download') return undefined;
  if (choice.kind === 'executable') return choice.path;
  return (await ensureStandIn(log)).executable;
}

/** Waits for the end, at most `seconds`. Forwards Ctrl+C to the detached group. */
async function endOf(child: ChildProcess, seconds: number): Promise<ProcessEnd> {
  const interrupted = (): void => void endGroup(child).then(() => process.exit(130));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  let timer: NodeJS.Timeout | undefined;
  const exit = new Promise<ProcessEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve({ kind: 'exit', code: code ?? 1 }));
  });
  const timeout = new Promise<ProcessEnd>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timeout', seconds }), seconds * 1000);
  });
  const ending = await Promise.race([exit, timeout]);
  clearTimeout(timer);
  process.off('SIGINT', interrupted);
  process.off('SIGTERM', interrupted);
  // Also after a normal end: no process of the run may be left.
  await endGroup(child);
  return ending;
}
