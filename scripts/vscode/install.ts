/**
 * The stand-in for a desktop VS Code: the complete VS Code server and web client that the npm package `code-server`
 * ships, a headless Chromium to open it, and playwright to drive that. All of it is installed in an ignored cache
 * folder, as a downloaded VS Code would be, and is not a dependency of the project.
 */

import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../failure.ts';
import { VSCODE_CACHE } from '../paths.ts';
import type { Playwright } from './playwright.ts';
import { findOnPath, run } from './processes.ts';

/** VS Code 1.139.1. The versions were tested together; change them together. */
const PACKAGES = { 'code-server': '4.139.1', 'playwright-core': '1.65.1' };

const DIRECTORY = join(VSCODE_CACHE, 'stand-in');
const MARKER = 'installed.json';

/** Parts of VS Code that no test needs: two thirds of the size. */
const UNUSED = [
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
  'extensions/microsoft-authentication',
  // Its compiler is not installed, and it shows a notification about that.
  'extensions/typescript-language-features',
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'node_modules/@vscode/windows-process-tree',
];

/** Contents of the marker file: what an installation consists of. */
const WANTED = JSON.stringify({ ...PACKAGES, without: UNUSED });

/** Paths of the stand-in's parts. */
export interface StandIn {
  /** VS Code's server: run it with Node 22 or newer. */
  readonly serverMain: string;
  /** Executable that takes the command line of a desktop VS Code, for test-electron. */
  readonly executable: string;
  readonly chromium: string;
  readonly playwright: Playwright;
}

type Log = (line: string) => void;

/**
 * Installs missing parts and returns the paths.
 * @throws Problem if something cannot be installed
 */
export async function ensureStandIn(log: Log): Promise<StandIn> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 22) {
    throw new Problem(
      `The stand-in for VS Code needs Node 22 or newer; this is ${process.version}. Use the npm scripts.`,
    );
  }
  if (!(await isInstalled())) await install(log);
  const chromium = findChromium() ?? (await installChromium(log));
  const vscode = join(DIRECTORY, 'node_modules/code-server/lib/vscode');
  await copyFile(join(import.meta.dirname, 'logger.cjs'), join(vscode, 'node_modules/@vscode/spdlog/index.js'));
  return {
    serverMain: join(vscode, 'out/server-main.js'),
    executable: await writeExecutable(),
    chromium,
    playwright: createRequire(join(DIRECTORY, 'package.json'))('playwright-core') as Playwright,
  };
}

async function isInstalled(): Promise<boolean> {
  try {
    return (await readFile(join(DIRECTORY, MARKER), 'utf8')) === WANTED;
  } catch {
    return false;
  }
}

/**
 * Installs in a temporary folder and renames it: an interrupted or concurrent installation leaves nothing incomplete.
 */
async function install(log: Log): Promise<void> {
  const started = Date.now();
  log(`installing code-server ${PACKAGES['code-server']} and playwright-core into ${DIRECTORY} ...`);
  const temporary = `${DIRECTORY}.${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  // Without its own package.json npm would install into the enclosing project.
  await writeFile(join(temporary, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
  // The install scripts require one exact Node version and compile native modules, which are not needed here.
  const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await npm(['install', ...flags], temporary);
  const vscode = join(temporary, 'node_modules/code-server/lib/vscode');
  await npm(['install', ...flags], vscode);
  await Promise.all(UNUSED.map((path) => rm(join(vscode, path), { recursive: true, force: true })));
  await dropForeignBinaries(join(vscode, 'node_modules/@vscode/ripgrep-universal/bin'));
  await writeFile(join(temporary, MARKER), WANTED);
  if (await isInstalled()) {
    await rm(temporary, { recursive: true, force: true });
    return;
  }
  await rm(DIRECTORY, { recursive: true, force: true });
  await rename(temporary, DIRECTORY);
  log(`installed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function npm(args: string[], cwd: string): Promise<string> {
  // npm passes its settings to scripts; a prefix or workspace of the outer call must not affect this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_/.test(name)),
  );
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd, env });
}

async function dropForeignBinaries(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  const own = `${platform()}-${arch()}`;
  const foreign = (await readdir(directory)).filter((name) => name !== own);
  await Promise.all(foreign.map((name) => rm(join(directory, name), { recursive: true })));
}

/** `WASM_HAZARDS_CHROMIUM`, else the first Chromium or Chrome on the PATH. */
function findChromium(): string | undefined {
  const chosen = process.env.WASM_HAZARDS_CHROMIUM;
  if (chosen) return chosen;
  return findOnPath(
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'chrome',
    'microsoft-edge',
  );
}

async function installChromium(log: Log): Promise<string> {
  const apt = findOnPath('apt-get');
  if (!apt || process.getuid?.() !== 0) {
    throw new Problem(
      'The stand-in for VS Code needs Chromium or Chrome: install one (Debian: apt-get install chromium) ' +
        'or name its executable in WASM_HAZARDS_CHROMIUM.',
    );
  }
  log('installing chromium with apt-get ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run(apt, ['update', '-q'], { env });
  await run(apt, ['install', '-q', '-y', '--no-install-recommends', 'chromium'], { env });
  const found = findChromium();
  if (!found) throw new Problem('apt-get installed chromium, yet it is not on the PATH');
  return found;
}

/** Writes a one-line script, since test-electron starts an executable without a shell and without extra arguments. */
async function writeExecutable(): Promise<string> {
  const file = join(DIRECTORY, 'code');
  const script = join(import.meta.dirname, 'standIn.ts');
  await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  await chmod(file, 0o755);
  return file;
}
