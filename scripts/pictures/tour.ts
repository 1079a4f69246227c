/** The pictures of the walkthrough, `images/tour/<step>-<theme>.png`, one for each step, from one VS Code a theme. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../failure.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';
import { frameWith } from '../vscode/webviewFrame.ts';
import { hide, IMAGES, SETTINGS, SHIPPED_SAMPLES } from './stage.ts';

const SIZE = { width: 840, height: 540 };
/** Limit for a picture, in bytes: all of them are in the package. */
const LARGEST = 130_000;

type Step = 'open' | 'stress' | 'report' | 'fix';

/** Takes the pictures in a theme; returns their paths. */
export async function tourPictures(theme: 'light' | 'dark'): Promise<string[]> {
  const folder = join(IMAGES, 'tour');
  await mkdir(folder, { recursive: true });
  const session = await openSession({
    folder: SHIPPED_SAMPLES,
    theme,
    size: SIZE,
    settings: { ...SETTINGS, 'wasmHazards.stress.hammerSeconds': 1, 'testing.automaticallyOpenPeekView': 'never' },
  });
  const paths: string[] = [];
  const take = async (step: Step): Promise<void> => {
    const path = join(folder, `${step}-${theme}.png`);
    await session.screenshot(path);
    const { size } = await stat(path);
    if (size > LARGEST) throw new Problem(`${path} has ${size} bytes, more than ${LARGEST}`);
    paths.push(path);
  };
  try {
    await session.openFile('visits.wat');
    await session.waitForSquiggle();
    await session.runCommand('View: Toggle Primary Side Bar Visibility');
    await hide(session.page);
    await session.hover('"visit"');
    await take('open');
    await stress(session);
    await take('stress');
    await report(session);
    await take('report');
    await wrapper(session);
    await take('fix');
    return paths;
  } finally {
    await session.close();
  }
}

async function stress({ page, runCommand }: VscodeSession): Promise<void> {
  await page.mouse.move(SIZE.width - 10, SIZE.height - 60);
  await runCommand('Wasm Hazards: Stress test module');
  await page
    .locator('.codelens-decoration')
    .filter({ hasText: /stress|race/ })
    .first()
    .waitFor({ timeout: PATIENCE });
  await page.locator('.test-error-content-widget').first().waitFor({ timeout: PATIENCE, state: 'attached' });
  // The run has ended when nothing in the margin turns any longer.
  await page.waitForFunction(
    `document.querySelector('.glyph-margin-widgets .codicon-loading, .glyph-margin-widgets .testing-run-glyph.codicon-modifier-spin') === null`,
    undefined,
    { timeout: PATIENCE },
  );
}

async function report({ page, runCommand }: VscodeSession): Promise<void> {
  await runCommand('Wasm Hazards: Open report');
  await page.waitForFunction(`document.querySelectorAll('iframe.webview.ready').length > 0`, undefined, {
    timeout: PATIENCE,
  });
  await frameWith(page, 'main');
  await page.waitForTimeout(500);
}

async function wrapper({ page, openFile, runCommand }: VscodeSession): Promise<void> {
  await runCommand('View: Close All Editors');
  await runCommand('View: Toggle Primary Side Bar Visibility');
  await openFile('visits.wat');
  await runCommand('View: Toggle Primary Side Bar Visibility');
  await runCommand('Wasm Hazards: Generate concurrency wrapper');
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout: PATIENCE });
  await page.keyboard.press('Enter');
  await page
    .locator('.view-line')
    .filter({ hasText: /func|package/ })
    .first()
    .waitFor({ timeout: PATIENCE });
}
