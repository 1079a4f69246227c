/** Commands that run stress tests of modules, exports and scenarios, and report the result. */
import { commands, l10n, ProgressLocation, type TestItem, TestRunRequest, Uri, window } from 'vscode';
import { exportsAtCursor } from '../commands/cursor.ts';
import { exportOfRow, targets } from '../commands/target.ts';
import { executeCommand } from '../commands/typedCommands.ts';
import { showInformation, showWarning, withProgress } from '../shown/notices.ts';
import { pick } from '../shown/pick.ts';
import { fileLabel, toBinaryUri } from '../uris.ts';
import type { RunMode } from './modes/runMode.ts';
import { runRequest, whyNot } from './runs/runProfile.ts';
import type { RunSummary } from './runs/stressRun.ts';
import type { StressServices } from './services.ts';
import { totalText } from './tests/itemReports.ts';

/** Runs modules, or the active scenario. Resolves with what was run. */
export async function stressTestModules<Result>(
  services: StressServices,
  mode: RunMode<Result>,
  clicked: unknown,
  selected: unknown,
): Promise<Uri[]> {
  const { items } = services;
  const uris = await wantedFiles(clicked, selected);
  if (uris.length === 0) return [];
  await runCommand(services, mode, uris.map(fileLabel).join(', '), async () => {
    return uris.map((uri) => items.file(uri));
  });
  return uris;
}

/** Runs one export of a module against those it conflicts with, or against `other` alone. Asks for what is not given; resolves with the module. */
export async function stressTestExport<Result>(
  services: StressServices,
  mode: RunMode<Result>,
  clicked: unknown,
  given: unknown,
  other?: unknown,
): Promise<Uri[]> {
  const { items } = services;
  const row = exportOfRow(clicked);
  const [uri, name] = row === undefined ? [clicked, given] : [row.uri, row.name];
  const [module] =
    typeof uri === 'string' || uri instanceof Uri
      ? [toBinaryUri(typeof uri === 'string' ? Uri.parse(uri, true) : uri)]
      : await targets(undefined);
  if (module === undefined) return [];
  const item = items.file(module);
  await items.resolve(item);
  const found =
    typeof name === 'string' ? await items.exportOf(item, name) : await exportAtCursor(services, item, module);
  const wanted =
    found !== undefined && typeof name === 'string' && typeof other === 'string'
      ? items.pair(found, name, other)
      : found;
  if (wanted === undefined) return [];
  await runCommand(services, mode, items.reports.nameOf(wanted), () => Promise.resolve([wanted]));
  return [module];
}

/** Runs what a command asks for, with a notification that can cancel it. */
async function runCommand<Result>(
  services: StressServices,
  mode: RunMode<Result>,
  label: string,
  find: () => Promise<TestItem[]>,
): Promise<void> {
  const refusal = whyNot(mode);
  if (refusal !== undefined) {
    void showWarning(refusal);
    return;
  }
  const summary = await withProgress(
    {
      location: ProgressLocation.Notification,
      title: mode.titleOf(label),
      cancellable: true,
    },
    async (progress, token) => {
      const found = await find();
      if (found.length === 0) return undefined;
      return runRequest(services, mode, new TestRunRequest(found), token, (message) => progress.report({ message }));
    },
  );
  if (summary !== undefined) tell(summary, label, mode);
}

/** Shows what a run found, without taking the focus. */
function tell(summary: RunSummary, label: string, { more }: Pick<RunMode<unknown>, 'more'>): void {
  const { badge, severity, stopped, module } = summary;
  const showResults = l10n.t('Show results');
  const openReport = l10n.t('Open report');
  const others = more === undefined ? [] : [more.title];
  const pressed = (button: string | undefined): void => {
    if (button === showResults) void commands.executeCommand('workbench.panel.testResults.view.focus');
    else if (button === openReport) void executeCommand('wasm-hazards.openReport', module?.toString());
    else if (button !== undefined && more !== undefined) void executeCommand(more.command);
  };
  if (stopped !== undefined) {
    void showWarning(stopped, ...others).then(pressed);
    return;
  }
  if (badge === undefined) return;
  const text = l10n.t('{0}: {1}. {2}.', label, badge, totalText(summary));
  const show = severity > 0 ? showWarning : showInformation;
  void show(text, openReport, showResults, ...others).then(pressed);
}

/** The scenario that was clicked or is active, or else modules. */
async function wantedFiles(clicked: unknown, selected: unknown): Promise<Uri[]> {
  const wanted = clicked ?? window.activeTextEditor?.document.uri;
  if (wanted instanceof Uri && wanted.path.endsWith('.stress.json')) return [wanted];
  return targets(clicked, selected);
}

/** The export that the cursor is on; the user picks among several, or where it is on none. */
async function exportAtCursor(
  { items, server }: StressServices,
  item: TestItem,
  module: Uri,
): Promise<TestItem | undefined> {
  const names = await exportsAtCursor(server, module);
  const found = (await Promise.all(names.map((name) => items.exportOf(item, name)))).filter((one) => one !== undefined);
  return found.length === 1 ? found[0] : pickExport(item, found);
}

/** Picks an item, not a label: two exports may have the same one. */
async function pickExport(module: TestItem, few: readonly TestItem[]): Promise<TestItem | undefined> {
  const all = few.length > 0 ? few : [...module.children].map(([, item]) => item);
  const picks = all.map((item) => ({ label: item.label, description: item.description, item }));
  if (picks.length === 0) {
    void showInformation(
      module.error === undefined ? l10n.t('{0} exports no function.', module.label) : String(module.error),
    );
    return undefined;
  }
  const picked = await pick(picks, {
    title: l10n.t('Stress test export'),
    placeHolder: l10n.t('Select an export'),
  });
  return picked?.item;
}
