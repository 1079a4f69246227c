/** The icon of the extension, `images/icon.png`, drawn from `images/icon.svg`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '../vscode/browser.ts';
import { ensureStandIn } from '../vscode/install.ts';
import { IMAGES } from './stage.ts';

const SIZE = 256;

/** Draws the icon; returns its path. */
export async function drawIcon(): Promise<string> {
  const browser = await launchBrowser(await ensureStandIn(() => undefined));
  try {
    const page = await (await browser.newContext({ viewport: { width: SIZE, height: SIZE } })).newPage();
    const svg = await readFile(join(IMAGES, 'icon.svg'));
    const source = `data:image/svg+xml;base64,${svg.toString('base64')}`;
    await page.goto(
      `data:text/html,<style>*{margin:0;background:transparent}</style><img width=${SIZE} src="${source}">`,
    );
    const path = join(IMAGES, 'icon.png');
    await page.screenshot({ path, omitBackground: true });
    return path;
  } finally {
    await browser.close();
  }
}
