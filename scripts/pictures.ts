/**
 * `npm run pictures [-- overview|tour|icon...]`: takes the pictures of the README and of the walkthrough in a real VS Code
 * with the extension installed, and draws the icon. Look at the pictures before you commit them.
 */
import { relative } from 'node:path';
import { build } from './build/bundle.ts';
import { main, Problem } from './failure.ts';
import { drawIcon } from './pictures/icon.ts';
import { overviewPicture } from './pictures/overview.ts';
import { tourPictures } from './pictures/tour.ts';

const KINDS: Readonly<Record<string, () => Promise<string[]>>> = {
  icon: async () => [await drawIcon()],
  overview: async () => [await overviewPicture('light'), await overviewPicture('dark')],
  tour: async () => [...(await tourPictures('light')), ...(await tourPictures('dark'))],
};

await main(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((kind) => KINDS[kind] === undefined);
  if (unknown !== undefined) throw new Problem(`there are no pictures ${unknown}: ${Object.keys(KINDS).join(', ')}`);
  await build({ production: false, log: () => undefined });
  for (const [kind, take] of Object.entries(KINDS)) {
    if (wanted.length > 0 && !wanted.includes(kind)) continue;
    for (const path of await take()) console.log(relative(process.cwd(), path));
  }
  return 0;
});
