/** The page that the tables of measurements are written to. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../failure.ts';
import { ROOT } from '../paths.ts';

/** Writes a table to docs/benchmarks.md, after its first marker, and replaces the text up to the second one, if any. */
export function writeTable(marker: string, text: string): void {
  const page = join(ROOT, 'docs', 'benchmarks.md');
  const before = readFileSync(page, 'utf8');
  const [start, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
  const from = before.indexOf(start) + start.length;
  if (from < start.length) throw new Problem(`${page} has no ${start}`);
  const to = before.indexOf(end, from);
  const rest = to < 0 ? before.slice(from) : before.slice(to + end.length);
  writeFileSync(page, `${before.slice(0, from)}\n\n${text}\n\n${end}${rest}`);
}
