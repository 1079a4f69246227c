/**
 * Accepts the command line that test-electron gives to a desktop VS Code and runs the stand-in instead: starts the
 * server, opens it in a headless browser with the extension under development and its tests, prints the extension
 * host's console, and exits with the code that VS Code reports.
 *
 * That code alone proves nothing (a crashed extension host reports 0): the caller reads the verdict file.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import { launchBrowser } from './browser.ts';
import { type DesktopArguments, parseDesktopArguments, workbenchUrl } from './commandLine.ts';
import { ensureStandIn } from './install.ts';
import type { Page } from './playwright.ts';
import { startVscodeServer } from './server.ts';

/** Resolves with VS Code's exit code; rejects if page, browser or server end before that. */
function outcome(page: Page): Promise<number> {
  return new Promise((done, fail) => {
    page.on('crash', () => fail(new Error('the page of VS Code crashed')));
    page.on('close', () => fail(new Error('the page of VS Code was closed')));
    const log = (type: string, args: unknown[]): void => {
      const line = format(...args);
      (type === 'error' ? process.stderr : process.stdout).write(line.endsWith('\n') ? line : `${line}\n`);
    };
    void page.exposeFunction('codeAutomationLog', log as (...args: never[]) => unknown);
    void page.exposeFunction('codeAutomationExit', ((code: number) => done(code)) as (...args: never[]) => unknown);
  });
}

async function main(desktop: DesktopArguments): Promise<number> {
  const standIn = await ensureStandIn((line) => console.log(line));
  const data = desktop.userData ?? (await mkdtemp(join(tmpdir(), 'wasm-hazards-vscode-')));
  const verbose = Boolean(process.env.WASM_HAZARDS_VERBOSE);
  const server = await startVscodeServer(standIn, {
    data,
    automation: true,
    restricted: !desktop.disableTrust,
    settings: { 'workbench.startupEditor': 'none' },
    log: (line) => verbose && console.log(`[server] ${line}`),
  });
  const browser = await launchBrowser(standIn);
  const stop = async (): Promise<void> => {
    await browser.close().catch(() => undefined);
    await server.stop();
    if (!desktop.userData) await rm(data, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().then(() => process.exit(130)));
  }
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    if (verbose) page.on('console', (message) => console.log(`[page] ${message.text()}`));
    const ended = new Promise<never>((_, fail) => {
      server.process.once('exit', (code) => fail(new Error(`VS Code's server ended with ${code}`)));
      browser.on('disconnected', () => fail(new Error('the browser ended')));
    });
    ended.catch(() => undefined);
    const code = outcome(page);
    await page.goto(workbenchUrl(server.authority, desktop));
    return await Promise.race([code, ended]);
  } finally {
    await stop();
  }
}

const desktop = parseDesktopArguments(process.argv.slice(2), (path) => resolve(path));
main(desktop).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
