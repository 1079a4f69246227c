/**
 * A process in which runs happen, seen from the one that started it: one run at a time, ended by a signal when it does
 * not answer. Whatever its guests do, they do it there.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { t, translationsInUse } from '../../../core/text/l10n.ts';
import { engineFlags } from './engineFlags.ts';
import { memoryLimits } from './memoryLimits.ts';
import { type FromRunProcess, RUN_ARGUMENT, type RunRequest, type ToRunProcess } from './runMessages.ts';

/** How long a process may take to load its program. */
const READY_MS = 30_000;
/**
 * How often the process is looked at, and after how many looks without a word it counts as stuck. Not a time: a clock runs
 * on while the machine sleeps.
 */
const LOOK_MS = 500;
const SILENT_LOOKS = 18;
/** How long a run may take to end: without a result, and with what is known. The process keeps to shorter ones. */
const END_MS = { signal: 3_500, enough: 18_000 } as const;
/** Characters of what the process printed last that are kept. */
const PRINTED = 8_000;

/** What the engine prints when an allocation fails. */
const OUT_OF_MEMORY = /out of memory|heap limit|allocation failed/i;
/** `$0` is the program, `$@` are its arguments. No core file: it would be as large as the memory. */
const LIMITED = (megabytes: number): string => `ulimit -c 0; ulimit -d ${megabytes * 1024} || exit 3; exec "$0" "$@"`;

/** How a run came to its end. */
export type RunEnd =
  | { answer: unknown }
  | { problem: string }
  /** `signal`: the one that was aborted, and the process did not answer in time. */
  | { gaveUp: 'signal' | 'enough' }
  | { died: 'memory' | 'silent' }
  /** The process ended, and nobody in it said why; `how` is its code or its signal. */
  | { died: 'unknown'; how: string };

/** Aborted signals end a run; `onProgress` gets what its kind of run tells. */
export interface RunWatch {
  signal?: AbortSignal;
  enough?: AbortSignal;
  onProgress?(progress: never): void;
}

/** A process that runs of this program and this budget can happen in; `spent` once it must not be used any more. */
export class RunProcess {
  readonly program: string;
  readonly memory: number | undefined;
  private readonly child: ChildProcess;
  private printed = '';
  private ended: RunEnd | undefined;
  /** Whether it has said anything since its last run began. */
  hasAnswered = false;
  /** Looks since the process last said something. */
  private silent = 0;
  private finish: ((end: RunEnd) => void) | undefined;
  private onProgress: RunWatch['onProgress'];
  private onReady: (() => void) | undefined;
  private clean = true;

  private constructor(child: ChildProcess, program: string, memory: number | undefined) {
    this.child = child;
    this.program = program;
    this.memory = memory;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.printed = (this.printed + text).slice(-PRINTED);
    });
    child.on('message', (message: FromRunProcess) => this.take(message));
    child.on('error', (error) => this.end({ died: 'unknown', how: error.message }));
    // Not `exit`: what was printed last says why.
    child.on('close', (code, signal) => this.end(this.reason(code, signal)));
  }

  /** Starts a process. Rejects with what prevents it, in a few words. */
  static async start(program: string | URL, memory: number | undefined): Promise<RunProcess> {
    const path = typeof program === 'string' ? program : fileURLToPath(program);
    let reason: unknown;
    for (const way of ways(memory)) {
      try {
        return await RunProcess.started({ name: String(program), path }, memory, way);
      } catch (error) {
        reason = error;
      }
    }
    throw reason;
  }

  private static started({ name, path }: Program, memory: number | undefined, way: Way): Promise<RunProcess> {
    return new Promise((resolve, reject) => {
      const child = fork(path, [RUN_ARGUMENT], {
        ...way,
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
        serialization: 'advanced',
        // What a guest or an import module prints is not this program's output.
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      const made = new RunProcess(child, name, memory);
      const timer = setTimeout(() => {
        made.kill();
        reject(new Error(t('it did not start within {0} s', READY_MS / 1000)));
      }, READY_MS);
      made.onReady = () => {
        clearTimeout(timer);
        made.finish = undefined;
        resolve(made);
      };
      made.finish = (end) => {
        clearTimeout(timer);
        reject(new Error(t('it ended at once: {0}', 'how' in end ? end.how : t('it was out of memory'))));
      };
    });
  }

  /** Whether another run can happen here. */
  get usable(): boolean {
    return this.clean && this.ended === undefined && this.child.connected;
  }

  /** Whether this process keeps the one that started it from ending. */
  keepAlive(yes: boolean): void {
    const { child } = this;
    const stderr = child.stderr as (typeof child.stderr & { ref?(): void; unref?(): void }) | null;
    for (const one of [child, child.channel, stderr]) if (yes) one?.ref?.();
    if (!yes) for (const one of [child, child.channel, stderr]) one?.unref?.();
  }

  /** Ends the process with everything in it. */
  kill(): void {
    this.clean = false;
    this.child.kill('SIGKILL');
  }

  /** Runs to the end of the run or of the process; the process is killed unless it can be used again. Never rejects. */
  run(request: RunRequest, watch: RunWatch): Promise<RunEnd> {
    if (this.ended !== undefined) return Promise.resolve(this.ended);
    return new Promise((resolve) => this.begin(request, watch, resolve));
  }

  private begin(request: RunRequest, { signal, enough, onProgress }: RunWatch, resolve: (end: RunEnd) => void): void {
    const ending = { signal, enough };
    let timer: NodeJS.Timeout | undefined;
    const listeners = (['signal', 'enough'] as const).map((which) => {
      const onEnd = (): void => {
        this.say({ end: which });
        clearTimeout(timer);
        timer = setTimeout(() => this.finish?.({ gaveUp: which }), END_MS[which]);
      };
      ending[which]?.addEventListener('abort', onEnd);
      return () => ending[which]?.removeEventListener('abort', onEnd);
    });
    this.hasAnswered = false;
    this.silent = 0;
    const looking = setInterval(() => {
      if (++this.silent > SILENT_LOOKS) this.finish?.({ died: 'silent' });
    }, LOOK_MS);
    this.onProgress = onProgress;
    this.finish = (end) => {
      this.finish = undefined;
      this.onProgress = undefined;
      clearTimeout(timer);
      clearInterval(looking);
      for (const remove of listeners) remove();
      if (!('answer' in end || 'problem' in end)) this.clean = false;
      if (!this.usable) this.kill();
      resolve(end);
    };
    this.say({ run: request, translations: translationsInUse() });
  }

  private say(message: ToRunProcess): void {
    // A process that is gone says so itself: `close` follows.
    if (this.child.connected) this.child.send(message, () => {});
  }

  private take(message: FromRunProcess): void {
    this.silent = 0;
    this.hasAnswered = true;
    if ('ready' in message) this.onReady?.();
    else if ('progress' in message) this.onProgress?.(message.progress as never);
    else if ('exceeded' in message) this.finish?.({ died: 'memory' });
    else if ('answer' in message || 'problem' in message) {
      this.clean = message.clean;
      this.finish?.('answer' in message ? { answer: message.answer } : { problem: message.problem });
    }
  }

  private end(end: RunEnd): void {
    this.ended ??= end;
    this.finish?.(this.ended);
  }

  private reason(code: number | null, signal: NodeJS.Signals | null): RunEnd {
    if (OUT_OF_MEMORY.test(this.printed)) return { died: 'memory' };
    return { died: 'unknown', how: signal ?? t('code {0}', code ?? '?') };
  }
}

/** The program of worker threads as it was named, and its path. */
interface Program {
  name: string;
  path: string;
}

/** What is started, and the arguments before the path of the program. */
interface Way {
  execPath: string;
  execArgv: string[];
}

/** Ways to start a process, the best first: bounded by the operating system where a shell can ask for it. */
function ways(memory: number | undefined): Way[] {
  const node = process.execPath;
  const flags = engineFlags();
  const limited = { execPath: '/bin/sh', execArgv: ['-c', LIMITED(memoryLimits(memory).allowed), node, ...flags] };
  return [
    ...(process.platform === 'linux' ? [limited] : []),
    { execPath: node, execArgv: flags },
    ...(flags.length > 0 ? [{ execPath: node, execArgv: [] }] : []),
  ];
}
