/** `Create scenario`: a scenario file for a module, with calls of two exports that conflict. */
import { l10n, ProgressLocation, Range, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import type { NamedPlan } from '../../../../core/jobs/model.ts';
import type { CallerForm } from '../../../../core/stress/scenario/callerForms.ts';
import type { Scenario } from '../../../../core/stress/scenario/scenario.ts';
import { scenarioJson, skeletonJson } from '../../../../core/stress/scenario/scenarioJson.ts';
import { abortedBy } from '../../abort.ts';
import { exportsAtCursor } from '../../commands/cursor.ts';
import { reportFailure } from '../../commands/failure.ts';
import { targets } from '../../commands/target.ts';
import type { Runner } from '../../runner.ts';
import type { Services } from '../../services.ts';
import { stressSettings } from '../../settings.ts';
import { showInformation, withProgress } from '../../shown/notices.ts';
import { baseName, fileLabel, toBinaryUri } from '../../uris.ts';
import { type ModuleInfo, moduleInfo } from '../moduleInfo.ts';

/** Opens a scenario for a module: `finished`, or else one planned for the exports `a` and `b`. */
export async function createScenario(
  { server, runner }: Pick<Services, 'server' | 'runner'>,
  clicked: unknown,
  a?: unknown,
  b?: unknown,
  finished?: Scenario,
): Promise<Uri | undefined> {
  const [uri] = typeof clicked === 'string' ? [Uri.parse(clicked, true)] : await targets(clicked);
  if (uri === undefined) return undefined;
  try {
    const module = toBinaryUri(uri);
    if (finished !== undefined) return await write(module, finished);
    const info = await moduleInfo(server, module);
    // Among several exports that lead to the cursor, the plan chooses.
    const [atCursor, ...others] = typeof a === 'string' ? [] : await exportsAtCursor(server, module);
    const plan = await planned(
      runner,
      info,
      typeof a === 'string' ? a : others.length === 0 ? atCursor : undefined,
      typeof b === 'string' ? b : undefined,
    );
    if (plan === undefined) return undefined;
    const [first] = plan.scenarios;
    if (first !== undefined) return await write(info.uri, first.scenario, plan.skeleton);
    void showInformation(l10n.t('No two exports of {0} conflict, so there is nothing to test.', baseName(uri)));
    return undefined;
  } catch (error) {
    return reportFailure(server, l10n.t('No scenario could be created for {0}', baseName(uri)), error);
  }
}

/** A plan for exports of the module; undefined when the user cancels. */
function planned(
  runner: Runner,
  { bytes, analysis, host, model, uri }: ModuleInfo,
  exportName: string | undefined,
  other: string | undefined,
): Thenable<NamedPlan | undefined> {
  const { seconds } = stressSettings();
  return withProgress(
    {
      location: ProgressLocation.Notification,
      title: l10n.t('Planning a scenario for {0}', fileLabel(uri)),
      cancellable: true,
    },
    async (_progress, token) => {
      const { signal, dispose } = abortedBy(token);
      try {
        return await runner.plan(
          {
            ...{ bytes, analysis, name: baseName(uri), tries: workspace.isTrusted, skeleton: true },
            options: { host, model, seconds, exportName, other, limit: 50 },
          },
          signal,
        );
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      } finally {
        dispose();
      }
    },
  );
}

/** Opens the scenario, unsaved, beside its module under a free name. */
async function write(module: Uri, scenario: Scenario, skeleton?: readonly CallerForm[]): Promise<Uri> {
  const target = await freeName(module.with({ fragment: '' }));
  const text =
    skeleton === undefined
      ? scenarioJson(scenario, baseName(module))
      : skeletonJson(scenario, skeleton, baseName(module));
  const edit = new WorkspaceEdit();
  edit.createFile(target, { ignoreIfExists: false });
  edit.insert(target, new Range(0, 0, 0, 0).start, text);
  await workspace.applyEdit(edit);
  await window.showTextDocument(target, { preview: false });
  return target;
}

async function freeName(module: Uri): Promise<Uri> {
  const stem = baseName(module).replace(/\.(?:wasm|wat|wast)(?:#(\d+))?$/i, (_, core) => (core ? `-core${core}` : ''));
  for (let n = 1; ; n++) {
    const uri = Uri.joinPath(module, '..', `${stem}${n === 1 ? '' : `-${n}`}.stress.json`);
    try {
      await workspace.fs.stat(uri);
    } catch {
      return uri; // Nothing is there.
    }
  }
}
