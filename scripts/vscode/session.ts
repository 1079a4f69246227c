/**
 * VS Code as a user has it: with the extension installed from a `.vsix`, an open folder, a mouse and a keyboard.
 *
 *     const session = await openSession({ theme: 'light' });
 *     await session.openFile('counter.wasm');
 *     await session.waitForSquiggle();
 *     console.log(await session.hover('increment'));
 *     await session.screenshot('counter');
 *     await session.close();
 *
 * Everything beyond these helpers goes through `session.page` (playwright).
 */

import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from '../build/bundle.ts';
import { pack } from '../package/pack.ts';
import { SCREENSHOTS } from '../paths.ts';
import { launchBrowser } from './browser.ts';
import { workbenchUrl } from './commandLine.ts';
import { ensureStandIn } from './install.ts';
import { MEMORY_FOLDER, memoryFolder } from './memoryFolder.ts';
import { type OtherExtension, vsixOf } from './otherExtension.ts';
import type { Page } from './playwright.ts';
import { installExtension, type ServerOptions, startVscodeServer } from './server.ts';
import { scratchWorkspace } from './workspace.ts';

/** Options of a session. */
export interface SessionOptions {
  /** Folder of which a scratch copy is opened; the fixtures by default. */
  readonly folder?: string;
  /** Files that the scratch copy has besides: by their path in it, where they are copied from. */
  readonly more?: Readonly<Record<string, string>>;
  readonly theme?: Theme;
  /** User settings on top of quiet defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly size?: { readonly width: number; readonly height: number };
  /**
   * The language that VS Code and its extensions believe to be in, such as `zh-cn`; English by default. VS Code's own
   * texts stay English, because there is no language pack, and so do the names of commands that helpers type.
   */
  readonly language?: string;
  /** Device pixels for each pixel of the page; 1 by default. */
  readonly scale?: number;
  /** Whether the folder opens in restricted mode, not trusted yet. */
  readonly restricted?: boolean;
  /**
   * The extension runs in the browser's extension host, as on vscode.dev, and a folder in memory with `more` is opened
   * instead of the scratch copy: no file of it is on a disk.
   */
  readonly web?: boolean;
  /** Extensions beside ours: manifests with their files. */
  readonly others?: readonly OtherExtension[];
  /** Whether to build first; otherwise the existing bundles in `dist/` are used. */
  readonly build?: boolean;
  /** Whether the extension is built and packed as for users; otherwise the existing bundles in `dist/` are packed. */
  readonly production?: boolean;
  readonly log?: (line: string) => void;
}

/** Settings without animations, blinking and questions, so that pictures are reproducible. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'git.enabled': false,
};

/** Where a server is, extensions that can run on both sides run there unless a user says otherwise. */
const IN_BROWSER = { 'remote.extensionKind': { 'wasm-hazards.wasm-hazards': ['web'] } };

/** Themes that pictures are taken in, by the name that VS Code has for them. */
export const THEMES = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'hc-light': 'Default High Contrast Light',
  'hc-dark': 'Default High Contrast',
} as const;

export type Theme = keyof typeof THEMES;

const EXTENSIONS_LOADED = "performance.getEntriesByName('code/didLoadExtensions').length > 0";

/** How long tests and helpers wait, in milliseconds: only for what never happens, however busy the machine is. */
export const PATIENCE = 120_000;

/** A running VS Code. */
export interface VscodeSession {
  readonly page: Page;
  /** The scratch copy of the folder. */
  readonly folder: string;
  /** Double click in the explorer; waits for the tab. Path relative to the folder. */
  openFile(name: string): Promise<void>;
  /** Waits for a diagnostic in the visible editor; resolves with the number of squiggles. */
  waitForSquiggle(severity?: 'error' | 'warning' | 'info' | 'any'): Promise<number>;
  /** Moves the mouse over the n-th occurrence of a text in the visible lines; resolves with the hover's text. */
  hover(text: string, occurrence?: number): Promise<string>;
  /**
   * Types F1, the title of the command and Enter.
   * @throws if there is no such command
   */
  runCommand(title: string): Promise<void>;
  /** Texts of the visible lines of the active editor; waits for the first. */
  visibleLines(): Promise<string[]>;
  /** Opens the Problems view and returns its rows. */
  problems(): Promise<string[]>;
  /** Writes out/screenshots/NAME.png and resolves with its path; a name with a `/` is a path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

/** Installs the extension, starts VS Code and opens the folder. The caller must always close the session. */
export async function openSession(options: SessionOptions = {}): Promise<VscodeSession> {
  const log = options.log ?? (() => undefined);
  if (options.build) await build({ production: false, log });
  const standIn = await ensureStandIn(log);
  const scratch = await scratchWorkspace(options.folder);
  // Before VS Code opens the folder: it may miss files that come while it begins to watch.
  const more = options.more ?? {};
  if (!options.web) for (const [path, source] of Object.entries(more)) await cp(source, join(scratch.folder, path));
  const others = [...(options.others ?? []), ...(options.web ? [memoryFolder(more)] : [])];
  const serverOptions: ServerOptions = {
    data: scratch.data,
    restricted: options.restricted,
    settings: {
      ...QUIET,
      ...(options.web && IN_BROWSER),
      'workbench.colorTheme': THEMES[options.theme ?? 'dark'],
      ...options.settings,
    },
    log,
  };
  const { file } = await pack({
    production: options.production ?? false,
    output: join(scratch.data, 'extension.vsix'),
    log,
  });
  await installExtension(standIn, file, serverOptions);
  for (const other of others) {
    const vsix = join(scratch.data, `${other.manifest.name}.vsix`);
    await writeFile(vsix, vsixOf(other));
    await installExtension(standIn, vsix, serverOptions);
  }
  const server = await startVscodeServer(standIn, serverOptions);
  const browser = await launchBrowser(standIn);
  const close = async (): Promise<void> => {
    await browser.close().catch(() => undefined);
    await server.stop();
    await scratch.remove();
  };
  try {
    const context = await browser.newContext({
      viewport: { ...(options.size ?? { width: 1280, height: 800 }) },
      colorScheme: options.theme?.endsWith('light') ? 'light' : 'dark',
      deviceScaleFactor: options.scale ?? 1,
    });
    const page = await context.newPage();
    // VS Code asks this when it starts, for itself and for the extension host.
    if (options.language !== undefined)
      await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(options.language)};`);
    await page.goto(workbenchUrl(server.authority, { folder: options.web ? MEMORY_FOLDER : scratch.folder }));
    await page.locator('.monaco-workbench .explorer-folders-view').waitFor({ timeout: PATIENCE });
    // In a first session VS Code knows no editor, language or command of an extension before this mark.
    await page.waitForFunction(EXTENSIONS_LOADED, undefined, { timeout: PATIENCE });
    return { page, folder: scratch.folder, close, ...withPictures(page, helpers(page)) };
  } catch (error) {
    await close();
    throw error;
  }
}

function helpers(page: Page): Omit<VscodeSession, 'page' | 'folder' | 'close'> {
  return {
    openFile: (name) => openFile(page, name),
    waitForSquiggle: async (severity = 'any') => {
      const selector = severity === 'any' ? '[class*="squiggly-"]' : `.squiggly-${severity}`;
      await page.locator(`.view-overlays ${selector}`).first().waitFor({ timeout: PATIENCE, state: 'attached' });
      return page.locator(`.view-overlays ${selector}`).count();
    },
    hover: (text, occurrence = 0) => hover(page, text, occurrence),
    runCommand: (title) => runCommand(page, title),
    visibleLines: async () => {
      // The tab appears before its text.
      await page.waitForFunction(`${VISIBLE_LINES}.length > 0`, undefined, { timeout: PATIENCE });
      return page.evaluate<string[]>(VISIBLE_LINES);
    },
    problems: async () => {
      await runCommand(page, 'View: Focus Problems (Errors, Warnings, Infos)');
      const rows = page.locator('.markers-panel .monaco-list-row');
      await page.waitForTimeout(500);
      return rows.allInnerTexts();
    },
    screenshot: async (name) => {
      await mkdir(SCREENSHOTS, { recursive: true });
      const path = name.includes('/') ? name : join(SCREENSHOTS, `${name.replace(/\.png$/, '')}.png`);
      await page.screenshot({ path });
      return path;
    },
  };
}

/** Takes a picture whenever a helper fails. */
function withPictures<T extends object>(page: Page, all: T): T {
  const wrapped = Object.entries(all).map(([name, helper]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await helper(...args);
      } catch (error) {
        const path = join(SCREENSHOTS, `failure-${name}.png`);
        await mkdir(SCREENSHOTS, { recursive: true });
        await page.screenshot({ path }).catch(() => undefined);
        throw new Error(`${name}(${args.map((each) => JSON.stringify(each)).join(', ')}) failed, see ${path}`, {
          cause: error,
        });
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

async function openFile(page: Page, name: string): Promise<void> {
  const parts = name.split('/');
  for (const [depth, part] of parts.entries()) {
    const row = page.locator(
      `.explorer-folders-view .monaco-list-row[aria-label^="${part}"][aria-level="${depth + 1}"]`,
    );
    await scrollTo(page, row.first());
    const last = depth === parts.length - 1;
    if (last) await row.first().dblclick();
    else if ((await row.first().getAttribute('aria-expanded')) === 'false') await row.first().click();
  }
  const file = parts[parts.length - 1];
  await page.locator('.tabs-container .tab.active').filter({ hasText: file }).first().waitFor({ timeout: PATIENCE });
}

/** The explorer has only the rows that are in sight: turns the mouse wheel over it until there is the one. */
async function scrollTo(page: Page, row: ReturnType<Page['locator']>): Promise<void> {
  const explorer = page.locator('.explorer-folders-view');
  const top = explorer.locator('.monaco-list-row[data-index="0"]').first();
  const deadline = Date.now() + PATIENCE;
  let up = false;
  while (!(await row.isVisible())) {
    if (Date.now() > deadline) throw new Error('the explorer has no such file');
    try {
      await row.waitFor({ timeout: 500 });
    } catch {
      // Not in sight: down, and from the end of the list up again.
      await explorer.hover();
      const before = await explorer.locator('.monaco-list-row').last().getAttribute('data-index');
      await page.mouse.wheel(0, up ? -400 : 400);
      await page.waitForTimeout(100);
      if ((await explorer.locator('.monaco-list-row').last().getAttribute('data-index')) === before)
        up = !(up || (await top.isVisible()));
    }
  }
}

/** Lines are positioned absolutely and reused, so they are sorted by their top. */
const VISIBLE_LINES = `(() => {
  const editor = document.querySelector('.editor-group-container.active .editor-instance .view-lines')
    ?? document.querySelector('.editor-instance .view-lines');
  if (!editor) return [];
  return [...editor.querySelectorAll(':scope > .view-line')]
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
    .map((line) => line.textContent.replaceAll('\\u00a0', ' '));
})()`;

/** Middle of the n-th occurrence of a text in the visible lines, in the page's coordinates. */
function placeOf(text: string, occurrence: number): string {
  return `(() => {
    let left = ${occurrence};
    const wanted = ${JSON.stringify(text)};
    const lines = [...document.querySelectorAll('.editor-instance .view-lines > .view-line')]
      .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
    for (const line of lines) {
      const content = line.textContent.replaceAll('\\u00a0', ' ');
      for (let at = content.indexOf(wanted); at >= 0; at = content.indexOf(wanted, at + 1)) {
        if (left-- > 0) continue;
        const range = document.createRange();
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        let position = 0, started = false;
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const end = position + node.length;
          if (!started && at < end) { range.setStart(node, at - position); started = true; }
          if (started && at + wanted.length <= end) { range.setEnd(node, at + wanted.length - position); break; }
          position = end;
        }
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
    }
    return null;
  })()`;
}

async function hover(page: Page, text: string, occurrence: number): Promise<string> {
  await page.waitForFunction(`${placeOf(text, occurrence)} !== null`, undefined, { timeout: PATIENCE });
  const card = page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first();
  const deadline = Date.now() + PATIENCE;
  // Code lenses that appear later move the lines, and a server that is still analysing has no hover: point again.
  for (;;) {
    const place = await page.evaluate<{ x: number; y: number } | null>(placeOf(text, occurrence));
    if (place) {
      // Come from elsewhere: a mouse that is already there does not trigger a hover.
      await page.mouse.move(place.x + 200, place.y + 200);
      await page.mouse.move(place.x, place.y, { steps: 5 });
    }
    try {
      await card.waitFor({ timeout: 3000, state: 'visible' });
      const now = await page.evaluate<{ x: number; y: number } | null>(placeOf(text, occurrence));
      if (now !== null && Math.abs(now.y - (place?.y ?? 0)) < 3) break;
      // It is the hover of another line, which was here before a lens came.
      await page.keyboard.press('Escape');
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`no hover appears on ${text}`, { cause: error });
      // Now and then an editor has no hovers for the mouse, while it has them for keys; why is not known, a click may help.
      if (place) await page.mouse.click(place.x, place.y);
    }
  }
  // The hover opens with the part of the fastest provider and grows.
  let previous = '';
  for (let i = 0; i < 20; i++) {
    const current = await card.innerText();
    if (current === previous && !/^Loading/.test(current)) return current;
    previous = current;
    await page.waitForTimeout(250);
  }
  return previous;
}

async function runCommand(page: Page, title: string): Promise<void> {
  // Exactly this title: the list also has similar titles, not always below it. A keybinding may follow.
  const label = title.replaceAll('"', '\\"');
  const rows = page.locator('.quick-input-list');
  const row = rows
    .locator(`.monaco-list-row[aria-label="${label}"], .monaco-list-row[aria-label^="${label},"]`)
    .first();
  const input = page.locator('.quick-input-widget input.input');
  const deadline = Date.now() + PATIENCE;
  // The list does not change while it is open, and commands are registered until well after the start: open it again.
  for (;;) {
    await page.keyboard.press('F1');
    try {
      // A web view that is just being loaded has the focus and loses the key.
      await input.waitFor({ timeout: 5000, state: 'visible' });
      await input.fill(`>${title}`);
      await row.waitFor({ timeout: 2000, state: 'visible' });
      // The same web view may take the focus now, which closes the list.
      await row.click({ timeout: 5000 });
      break;
    } catch (error) {
      await page.keyboard.press('Escape');
      if (Date.now() > deadline) throw new Error(`there is no command ${title}`, { cause: error });
    }
  }
  // The list closes, or the command asks for something in its place.
  const gone = `(() => {
    const input = document.querySelector('.quick-input-widget input.input');
    return input === null || input.offsetParent === null || !input.value.startsWith('>');
  })()`;
  await page.waitForFunction(gone, undefined, { timeout: PATIENCE });
}
