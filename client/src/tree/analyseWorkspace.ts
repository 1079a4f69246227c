/** `Analyse all modules in workspace`: one after the other, with progress that can be cancelled. */
import { type CancellationToken, l10n, ProgressLocation, type Uri } from 'vscode';
import { type NoticeProgress, showInformation, showWarning, withProgress } from '../shown/notices.ts';
import { fileLabel } from '../uris.ts';
import { type KnownModules, MAX_FILES } from './knownModules.ts';

/** Analyses at a time. The server has more workers, which documents that are open need. */
const AT_A_TIME = 2;

/** Resolves with the number of modules that were analysed. What was analysed before it was cancelled stays. */
export async function analyseWorkspace(modules: KnownModules): Promise<number> {
  await modules.discover();
  const uris = modules
    .all()
    .map(({ uri }) => uri)
    .filter(({ fragment, path }) => fragment === '' && !path.includes('#'));
  if (uris.length === 0) {
    void showInformation(l10n.t('There is no .wasm or .wat file in this workspace.'));
    return 0;
  }
  if (uris.length >= MAX_FILES)
    void showWarning(l10n.t('The workspace has more than {0} modules. The others are left out.', MAX_FILES));
  return withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Analysing modules'), cancellable: true },
    (progress, token) => analyseEach(modules, uris, progress, token),
  );
}

async function analyseEach(
  modules: KnownModules,
  uris: readonly Uri[],
  progress: NoticeProgress,
  token: CancellationToken,
): Promise<number> {
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < uris.length && !token.isCancellationRequested) {
      const uri = uris[next++];
      progress.report({ message: l10n.t('{0} of {1}: {2}', done + 1, uris.length, fileLabel(uri)) });
      await modules.refresh(uri);
      done++;
      progress.report({
        message: l10n.t('{0} of {1}', done, uris.length),
        increment: 100 / uris.length,
      });
    }
  };
  // An analysis that is under way ends by itself; nobody has to wait for it.
  const cancelled = new Promise<void>((resolve) => token.onCancellationRequested(() => resolve()));
  await Promise.race([cancelled, Promise.all(Array.from({ length: AT_A_TIME }, work))]);
  return done;
}
