/** A VS Code server that is reachable from this machine only. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StandIn } from './install.ts';
import { endChild, run } from './processes.ts';

/** Options of the server. */
export interface ServerOptions {
  /** Directory for everything that VS Code writes; created if missing. */
  readonly data: string;
  /** Directory of installed extensions; `<data>/extensions` by default. */
  readonly extensions?: string;
  /** Whether the page can name the extension under development and the tests; hides notifications. */
  readonly automation?: boolean;
  /** Whether folders open in restricted mode until they are trusted; otherwise trust is disabled. */
  readonly restricted?: boolean;
  /** User settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly port?: number;
  /** Environment of the server and thus of the extension host. */
  readonly env?: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** A running server. */
export interface VscodeServer {
  /** `127.0.0.1:port`. */
  readonly authority: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

const READY = /listening on (\d+)/;
const START_DEADLINE = 240_000;

/** Removes variables that would make an extension host believe that it runs inside the calling VS Code or Electron. */
function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_)/.test(name));
  // Without a gallery no test depends on the network.
  return { ...Object.fromEntries(kept), EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
}

function directories(options: ServerOptions): string[] {
  return [
    `--server-data-dir=${join(options.data, 'server')}`,
    `--user-data-dir=${join(options.data, 'user')}`,
    `--extensions-dir=${options.extensions ?? join(options.data, 'extensions')}`,
  ];
}

/**
 * Starts the server and waits until it listens.
 * @throws with its output if it does not
 */
export async function startVscodeServer(standIn: StandIn, options: ServerOptions): Promise<VscodeServer> {
  const userSettings = join(options.data, 'user', 'User');
  await mkdir(userSettings, { recursive: true });
  await writeFile(join(userSettings, 'settings.json'), JSON.stringify(options.settings ?? {}, null, 2));
  const args = [
    standIn.serverMain,
    '--host=127.0.0.1',
    `--port=${options.port ?? 0}`,
    '--without-connection-token',
    '--accept-server-license-terms',
    '--disable-telemetry',
    ...directories(options),
  ];
  if (!options.restricted) args.push('--disable-workspace-trust');
  if (options.automation) args.push('--enable-smoke-test-driver');
  const child = spawn(process.execPath, args, {
    env: cleanEnvironment(options.env ?? process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const port = await listening(child, options.log);
  return { authority: `127.0.0.1:${port}`, process: child, stop: () => endChild(child) };
}

function listening(child: ChildProcess, log: (line: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`VS Code's server ${reason}\n${output.slice(-4000)}`));
    };
    const deadline = setTimeout(() => fail('did not start in time'), START_DEADLINE);
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
      for (const line of chunk.toString().split('\n')) if (line.trim()) log(line);
      const match = READY.exec(output);
      if (!match) return;
      clearTimeout(deadline);
      resolve(Number(match[1]));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', (error) => fail(String(error)));
    child.on('exit', (code, signal) => {
      clearTimeout(deadline);
      fail(`ended with ${code ?? signal}`);
    });
  });
}

/** Installs a `.vsix` for a server that is started later with the same directories. */
export async function installExtension(standIn: StandIn, vsix: string, options: ServerOptions): Promise<string> {
  await mkdir(options.data, { recursive: true });
  const args = [standIn.serverMain, `--install-extension=${vsix}`, '--force', ...directories(options)];
  return run(process.execPath, [...args, '--accept-server-license-terms', '--disable-telemetry'], {
    env: cleanEnvironment(options.env ?? process.env),
  });
}
