/** The files around the reports of the command line. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { ReportFiles } from '../core/report/reportFiles.ts';
import { readRulePages } from './rulePages.ts';

/** Longest source that is read for the text of its lines. */
const MAX_TEXT = 1 << 26;

/**
 * Paths from the root of the repository around `folder`, or from `folder` itself where there is none: that is how code
 * scanning knows files.
 */
export async function openReportFiles(folder: string): Promise<ReportFiles> {
  const root = repositoryAround(folder);
  const pages = await readRulePages();
  return {
    pathOf: (file) => pathFrom(root, resolve(folder, file)),
    textOf: (file) => readText(resolve(folder, file)),
    pageOf: (rule) => pages.get(rule),
  };
}

/** The nearest folder with a `.git`, which a worktree has as a file. */
function repositoryAround(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return resolve(folder);
  }
}

function pathFrom(root: string, path: string): string {
  const inside = relative(root, path);
  const isOutside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return (isOutside ? path : inside).split(sep).join('/');
}

function readText(path: string): string | undefined {
  try {
    const info = statSync(path);
    return info.isFile() && info.size <= MAX_TEXT ? readFileSync(path, 'utf8') : undefined;
  } catch {
    // A source that is gone has no lines; the finding stands without them.
    return undefined;
  }
}
