/** The program and the style of the report's page as text. The bundle of the command line has them inside. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Reads `report.js` and `report.css` from `dist` of the repository. */
export async function pageSources(): Promise<{ script: string; style: string }> {
  const folder = join(import.meta.dirname, '..', 'dist');
  const [script, style] = await Promise.all(
    ['report.js', 'report.css'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  return { script, style };
}
