/** The JavaScript module that a scenario names for its imports. */

import { pathToFileURL } from 'node:url';
import type { StressJob } from '../../core/stress/session/job.ts';
import { t } from '../../core/text/l10n.ts';

/** `export default {env: {f() {}}}`, the same as named exports, or a function that makes it. */
export async function loadImports(
  path: string | undefined,
): Promise<{ imports: StressJob['imports'] } | { problem: string }> {
  if (path === undefined) return { imports: undefined };
  try {
    const loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    const given = loaded.default ?? loaded;
    return { imports: (typeof given === 'function' ? await given() : given) as StressJob['imports'] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: t('{0} could not be loaded: {1}', path, reason) };
  }
}
