/**
 * `npm start [-- FOLDER]`: builds the extension and opens a VS Code with it on the fixtures, or on a folder.
 *
 * Uses the desktop's VS Code if `code` is on the PATH; otherwise the stand-in, at a local address that is printed and,
 * if there is a display, opened in a browser. `--browser` always uses the stand-in, `--port N` sets its port.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build/bundle.ts';
import { main } from './failure.ts';
import { pack } from './package/pack.ts';
import { ROOT, TEST_FIXTURES } from './paths.ts';
import { workbenchUrl } from './vscode/commandLine.ts';
import { ensureStandIn } from './vscode/install.ts';
import { findOnPath, run } from './vscode/processes.ts';
import { installExtension, type ServerOptions, startVscodeServer } from './vscode/server.ts';

/** Opens the walkthrough: VS Code does that by itself only for what is installed from a gallery. */
const TOUR = { WASM_HAZARDS_TOUR: '1' };

const log = (line: string): void => console.log(line);

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { browser: { type: 'boolean', default: false }, port: { type: 'string' } },
    allowPositionals: true,
  });
  const folder = positionals[0] ? resolve(positionals[0]) : TEST_FIXTURES;
  await build({ production: false, log });
  const code = values.browser ? undefined : findOnPath('code', 'code-insiders', 'codium');
  if (code) {
    log(`opening ${folder} in ${code}`);
    const shell = process.platform === 'win32'; // on Windows it is a batch file
    await run(shell ? `"${code}"` : code, ['--new-window', `--extensionDevelopmentPath=${ROOT}`, folder], {
      show: true,
      shell,
      env: { ...process.env, ...TOUR },
    });
    return 0;
  }
  return serve(folder, values.port ? Number(values.port) : undefined);
});

/**
 * Runs the stand-in until Ctrl+C. The extension is installed rather than loaded for development, so that all of VS
 * Code works.
 */
async function serve(folder: string, port: number | undefined): Promise<number> {
  const standIn = await ensureStandIn(log);
  const data = await mkdtemp(join(tmpdir(), 'wasm-hazards-start-'));
  const options: ServerOptions = {
    data,
    port,
    env: { ...process.env, ...TOUR },
    settings: {
      'workbench.startupEditor': 'none',
      'chat.disableAIFeatures': true,
      'telemetry.telemetryLevel': 'off',
    },
    log: () => undefined,
  };
  try {
    const { file } = await pack({ production: false, output: join(data, 'extension.vsix'), log });
    await installExtension(standIn, file, options);
    const server = await startVscodeServer(standIn, options);
    const url = workbenchUrl(server.authority, { folder, welcome: true });
    log(`VS Code with the extension, on ${folder}:\n\n  ${url}\n\nCtrl+C ends it.`);
    openInBrowser(url);
    const ended = await new Promise<'signal' | 'server'>((done) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done('signal'));
      server.process.once('exit', () => done('server'));
    });
    await server.stop();
    return ended === 'signal' ? 0 : 1;
  } finally {
    await rm(data, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Opens a browser if there is a display; otherwise printing the address is enough. */
function openInBrowser(url: string): void {
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  const command = display ? findOnPath(opener) : undefined;
  if (!command) return;
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
