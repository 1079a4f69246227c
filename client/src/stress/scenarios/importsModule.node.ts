/** The JavaScript module of a scenario, as far as the editor runs it. */
import { dirname } from 'node:path';
import { l10n, type Uri } from 'vscode';
import { displayable } from '../../../../core/harmless/names.ts';
import type { Scenario } from '../../../../core/stress/scenario/scenario.ts';
import type { StressFailure } from '../../../../core/stress/session/failure.ts';
import { importsPlace } from '../../../../node/stress/importsPlace.ts';

/** Longest path in a message, in characters. */
const SHOWN = 200;

/**
 * Path of the JavaScript module that the scenario in the file `base` names; undefined where it names none, or has no
 * file. A module outside of the file's folder is refused, also in a trusted workspace: the trust is in its folders.
 * Runs are refused before this point when the workspace is not trusted.
 */
export function importsModuleOf(
  { imports }: Pick<Scenario, 'imports'>,
  base: Uri | undefined,
): { importsModule: string | undefined } | { failure: StressFailure } {
  if (imports === 'stub' || base === undefined) return { importsModule: undefined };
  const { path, outside } = importsPlace(imports.module, dirname(base.fsPath));
  if (!outside) return { importsModule: path };
  const message = l10n.t(
    '{0} is outside of the folder of the scenario, so its code was not run; move it into that folder',
    displayable(imports.module, SHOWN),
  );
  return { failure: { kind: 'imports', message, path: ['imports', 'module'] } };
}
