/**
 * The pictures of the README, `images/overview-light.png` and `images/overview-dark.png`: a module after a stress test, and
 * beside it the report, which plays the schedule that went wrong.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../failure.ts';
import type { Frame, Page } from '../vscode/playwright.ts';
import { openSession, PATIENCE } from '../vscode/session.ts';
import { frameWith } from '../vscode/webviewFrame.ts';
import { hide, IMAGES, SETTINGS, SHIPPED_SAMPLES } from './stage.ts';

/** Wide enough for two columns, and small enough to be read at the width of a README. */
const SIZE = { width: 1180, height: 700 };

/** Limit for a picture, in bytes: a README is also loaded over slow connections. */
const LARGEST = 300_000;

/** Takes the picture in a theme; returns its path. */
export async function overviewPicture(theme: 'light' | 'dark'): Promise<string> {
  const session = await openSession({
    folder: SHIPPED_SAMPLES,
    theme,
    size: SIZE,
    scale: 1.25,
    settings: { ...SETTINGS, 'wasmHazards.stress.hammerSeconds': 1, 'testing.automaticallyOpenPeekView': 'never' },
  });
  try {
    const { page } = session;
    await session.openFile('visits.wat');
    await session.waitForSquiggle();
    await session.runCommand('View: Toggle Primary Side Bar Visibility');
    await hide(page);
    await session.runCommand('Wasm Hazards: Stress test module');
    await page.locator('.test-error-content-widget').first().waitFor({ timeout: PATIENCE, state: 'attached' });
    // The run has ended when nothing in the margin turns any longer.
    await page.waitForFunction(
      `document.querySelector('.glyph-margin-widgets .codicon-loading, .glyph-margin-widgets .codicon-modifier-spin') === null`,
      undefined,
      { timeout: PATIENCE },
    );
    await session.runCommand('Wasm Hazards: Open report');
    const frame = await reportFrame(page);
    await frame.locator('.sections button').filter({ hasText: 'Schedules' }).first().click();
    // Where the mouse pointer triggers no hover.
    await page.mouse.move(SIZE.width / 2, SIZE.height - 5);
    await page.waitForTimeout(1500);
    const path = join(IMAGES, `overview-${theme}.png`);
    await session.screenshot(path);
    const { size } = await stat(path);
    if (size > LARGEST) throw new Problem(`${path} has ${size} bytes, more than ${LARGEST}`);
    return path;
  } finally {
    await session.close();
  }
}

/** The frame of the report, once it is drawn. */
const reportFrame = (page: Page): Promise<Frame> => frameWith(page, '.sections button');
