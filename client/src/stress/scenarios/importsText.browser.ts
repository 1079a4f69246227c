/** The JavaScript module of a scenario, where there are no paths. */
import { l10n, Uri, workspace } from 'vscode';
import { displayable } from '../../../../core/harmless/names.ts';
import type { Scenario } from '../../../../core/stress/scenario/scenario.ts';
import type { StressFailure } from '../../../../core/stress/session/failure.ts';

/** Longest path in a message, in characters. */
const SHOWN = 200;

/**
 * Text of the JavaScript module that the scenario in the file `base` names; undefined where it names none, or has no file.
 * A module outside of the file's folder is refused, and what it imports itself is not found: it has no address there.
 * Runs are refused before this point when the workspace is not trusted.
 */
export async function importsTextOf(
  { imports }: Pick<Scenario, 'imports'>,
  base: Uri | undefined,
): Promise<{ text: string | undefined } | { failure: StressFailure }> {
  if (imports === 'stub' || base === undefined) return { text: undefined };
  const name = displayable(imports.module, SHOWN);
  const fail = (message: string): { failure: StressFailure } => ({
    failure: { kind: 'imports', message, path: ['imports', 'module'] },
  });
  // A remote file system may be one of Windows, where a backslash leads out of a folder as well.
  const written = imports.module.replaceAll('\\', '/');
  const folder = Uri.joinPath(base, '..');
  const module = Uri.joinPath(folder, written);
  const isInside = module.path.startsWith(folder.path.endsWith('/') ? folder.path : `${folder.path}/`);
  if (!isInside || /^\/|^[a-z][a-z\d+.-]*:/i.test(written))
    return fail(
      l10n.t('{0} is outside of the folder of the scenario, so its code was not run; move it into that folder', name),
    );
  try {
    return { text: new TextDecoder().decode(await workspace.fs.readFile(module)) };
  } catch (error) {
    return fail(l10n.t('{0} cannot be read: {1}', name, error instanceof Error ? error.message : String(error)));
  }
}
