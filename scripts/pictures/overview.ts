/**
 * The pictures of the README, `images/overview-light.png` and `images/overview-dark.png`: a module with its findings, and
 * below it the trace of a stress test that failed.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../failure.ts';
import type { Box, Locator, Page } from '../vscode/playwright.ts';
import { openSession } from '../vscode/session.ts';
import { hide, IMAGES, SETTINGS, SHIPPED_SAMPLES } from './stage.ts';

/** Narrow, so that text stays readable at the width of a README. */
const SIZE = { width: 960, height: 660 };

/** Height of the editor, in pixels of the page: the whole sample. */
const EDITOR_HEIGHT = 320;

/** Width of the trace, without what follows it. */
const TRACE_WIDTH = 715;

/** Limit for a picture, in bytes: a README is also loaded over slow connections. */
const LARGEST = 300_000;

/** Takes the picture in a theme; returns its path. */
export async function overviewPicture(theme: 'light' | 'dark'): Promise<string> {
  const session = await openSession({ folder: SHIPPED_SAMPLES, theme, size: SIZE, scale: 1.5, settings: SETTINGS });
  try {
    const { page } = session;
    await session.openFile('visits.wat');
    await session.waitForSquiggle();
    // The Test Explorer discovers tests when it is first shown.
    await session.runCommand('Testing: Focus on Test Explorer View');
    const tests = page.locator('.test-explorer .monaco-list-row');
    await tests.filter({ hasText: 'visits.wat' }).first().waitFor({ timeout: 20_000 });
    await session.runCommand('Test: Run All Tests');
    await page.locator('.test-error-content-widget').first().waitFor({ timeout: 60_000, state: 'attached' });
    await session.runCommand('Test Results: Focus on Test Results View');
    const messages = page.locator('.test-output-peek-tree .monaco-list-row');
    // The last message of the run: after it, the list does not move.
    await messages
      .filter({ hasText: /with total, two calls each/ })
      .first()
      .waitFor({ timeout: 60_000 });
    await messages
      .filter({ hasText: /with itself, one call each/ })
      .first()
      .click();
    // VS Code drops a pending renewal of code lenses when the editor loses the focus, and makes up for it with the focus.
    await session.runCommand('View: Focus Active Editor Group');
    await page
      .locator('.codelens-decoration')
      .filter({ hasText: /stress showed a race with visit/ })
      .first()
      .waitFor({ timeout: 30_000 });
    await session.runCommand('View: Toggle Primary Side Bar Visibility');
    await hide(page);
    await drag(page, await boxOf(page.locator('.part.panel')), { to: { y: EDITOR_HEIGHT } });
    await drag(page, await boxOf(page.locator('.test-output-peek-tree').first()), { to: { x: TRACE_WIDTH } });
    await scrollTo(page, /^\s*Schedule\s/);
    const path = join(IMAGES, `overview-${theme}.png`);
    await session.screenshot(path);
    const { size } = await stat(path);
    if (size > LARGEST) throw new Problem(`${path} has ${size} bytes, more than ${LARGEST}`);
    return path;
  } finally {
    await session.close();
  }
}

async function boxOf(element: Locator): Promise<Box> {
  const box = await element.boundingBox();
  if (!box) throw new Problem('a part of VS Code that the picture needs is not there');
  return box;
}

/** Moves the upper (`y`) or the left (`x`) edge of a part. */
async function drag(page: Page, part: Box, { to }: { to: { x?: number; y?: number } }): Promise<void> {
  const from = to.y === undefined ? { x: part.x, y: part.y + 40 } : { x: part.x + part.width / 2, y: part.y - 1 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x ?? from.x, to.y ?? from.y, { steps: 10 });
  await page.mouse.up();
}

/** Scrolls the message of a failed test until a line that a pattern matches is at its top. */
async function scrollTo(page: Page, pattern: RegExp): Promise<void> {
  const pane = await boxOf(page.locator('.part.panel .pane-body').first());
  const line = page.locator('.test-output-peek-message-container .view-line').filter({ hasText: pattern }).first();
  await page.mouse.move(pane.x + pane.width / 3, pane.y + pane.height / 2);
  for (let turn = 0; turn < 200; turn++) {
    const found = (await line.count()) > 0 ? await line.boundingBox() : null;
    const distance = found ? found.y - pane.y : pane.height;
    // An empty line may remain above it: VS Code's smallest scroll step is more than a line.
    if (found && distance < 1.5 * found.height) break;
    await page.mouse.wheel(0, distance > 120 ? 60 : 6);
    await page.waitForTimeout(150);
  }
  // Where the mouse pointer triggers no hover.
  await page.mouse.move(SIZE.width / 2, SIZE.height - 5);
  await page.waitForTimeout(1000);
}
