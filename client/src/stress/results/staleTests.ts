/** Tests lose their states when the results are gone that these told: with the module, the scenario file, or the selection. */
import { type Disposable, type Uri, workspace } from 'vscode';
import type { Services } from '../../services.ts';
import type { TestStates } from '../runs/testStates.ts';
import { SCENARIOS, type TestItems } from '../tests/testItems.ts';
import { selectedFor } from './selection.ts';

/** Keeps `states` in step with `results`, and forgets results of scenario files that change. */
export function forgetStale(
  { results, summaries }: Pick<Services, 'results' | 'summaries'>,
  items: TestItems,
  states: TestStates,
): Disposable[] {
  const isGone = (uri: Uri): boolean =>
    [results.of(uri), results.hammeredOf(uri), results.verifiedOf(uri)].every((one) => one.length === 0);
  /** Host profile and sharing model of each module with results. */
  const selected = new Map<string, string>();
  const select = (uri: Uri): void => {
    const now = selectedFor(summaries, uri);
    if (now === undefined) return;
    const key = uri.toString();
    const before = selected.get(key);
    selected.set(key, now);
    // A scenario file names its own host and model.
    if (before !== undefined && before !== now)
      states.takeBack((item, module) => module === key && items.kindOf(item).kind !== 'scenario');
  };
  const scenarioChanged = (uri: Uri): void => {
    results.forgetScenario(uri);
    states.takeBack((item) => item.uri?.toString() === uri.toString());
  };
  const watcher = workspace.createFileSystemWatcher(SCENARIOS);
  const written = (uri: Uri): void => {
    // Its document tells changes, and may be ahead of the file.
    const isOpen = workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
    if (!isOpen) scenarioChanged(uri);
  };
  return [
    watcher,
    watcher.onDidChange(written),
    watcher.onDidDelete(scenarioChanged),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && document.uri.path.endsWith('.stress.json')) scenarioChanged(document.uri);
    }),
    results.onDidChange((uri) => {
      if (uri === undefined) states.takeBack(() => true);
      else if (isGone(uri)) states.takeBack((_item, module) => module === uri.toString());
      else select(uri);
    }),
    results.onDidForget((uri) => states.takeBack((_item, module) => module === uri.toString())),
    summaries.onChange(() => {
      for (const uri of results.modules()) select(uri);
    }),
  ];
}
