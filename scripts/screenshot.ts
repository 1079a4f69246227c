/**
 * A picture of the extension at work, as a user sees it:
 *
 *     node scripts/screenshot.ts --open counter.wasm [--hover TEXT] [--command TITLE]... [--theme light|dark|hc-light|hc-dark]
 *         [--folder DIR] [--size 1280x800] [--wait SECONDS] [--problems] [--build] [--out NAME|PATH]
 *
 * Prints the path of the picture, and the text of the hover or the problems if requested.
 */

import { parseArgs } from 'node:util';
import { main, Problem } from './failure.ts';
import { openSession, THEMES, type Theme } from './vscode/session.ts';

await main(async () => {
  const { values } = parseArgs({
    options: {
      open: { type: 'string' },
      hover: { type: 'string' },
      command: { type: 'string', multiple: true, default: [] },
      theme: { type: 'string', default: 'dark' },
      folder: { type: 'string' },
      size: { type: 'string', default: '1280x800' },
      wait: { type: 'string', default: '0' },
      problems: { type: 'boolean', default: false },
      build: { type: 'boolean', default: false },
      out: { type: 'string', default: 'screenshot' },
    },
  });
  const theme = (Object.keys(THEMES) as Theme[]).find((one) => one === values.theme);
  if (theme === undefined) throw new Problem(`--theme is one of ${Object.keys(THEMES).join(', ')}`);
  const [width, height] = values.size.split('x').map(Number);
  if (!(width > 0 && height > 0)) throw new Problem('--size is WIDTHxHEIGHT');
  const session = await openSession({
    folder: values.folder,
    theme,
    size: { width, height },
    build: values.build,
  });
  try {
    if (values.open) await session.openFile(values.open);
    for (const title of values.command) await session.runCommand(title);
    await session.page.waitForTimeout(1000 * Number(values.wait));
    if (values.problems) for (const row of await session.problems()) console.log(row.replaceAll('\n', ' '));
    if (values.hover) console.log(await session.hover(values.hover));
    console.log(await session.screenshot(values.out));
  } finally {
    await session.close();
  }
  return 0;
});
