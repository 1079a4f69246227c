/** Finds the page of a web view: VS Code puts it into nested frames that have no name of ours. */
import type { Frame, Page } from './playwright.ts';
import { PATIENCE } from './session.ts';

/**
 * The frame that has an element that matches `selector`, with `text` in it if given; waits for it.
 * @throws if none appears
 */
export async function frameWith(page: Page, selector: string, text?: string): Promise<Frame> {
  const deadline = Date.now() + PATIENCE;
  while (Date.now() < deadline) {
    for (const frame of page.frames()) {
      const found = frame.locator(selector);
      const wanted = text === undefined ? found : found.filter({ hasText: text });
      // A frame may go while it is asked.
      if ((await wanted.count().catch(() => 0)) > 0) return frame;
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`no web view has ${selector}${text === undefined ? '' : ` with ${text}`}`);
}
