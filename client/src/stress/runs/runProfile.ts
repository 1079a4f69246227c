/** Run profiles of the Test Explorer, one for each mode. */
import {
  type CancellationToken,
  type Disposable,
  type TestController,
  type TestItem,
  TestRunProfileKind,
  type TestRunRequest,
  type Uri,
  workspace,
} from 'vscode';
import { writeOutput } from '../../shown/testTexts.ts';
import { toBinaryUri } from '../../uris.ts';
import type { RunMode } from '../modes/runMode.ts';
import type { StressServices } from '../services.ts';
import { type RunSummary, StressRun } from './stressRun.ts';

/** Adds a run profile for a mode; it supports continuous runs. */
export function addProfile<Result>(
  services: StressServices,
  controller: TestController,
  mode: RunMode<Result>,
  isDefault: boolean,
): void {
  const { label } = mode;
  const run = async (request: TestRunRequest, token: CancellationToken): Promise<void> => {
    await runRequest(services, mode, request, token);
  };
  controller.createRunProfile(
    label,
    TestRunProfileKind.Run,
    (request, token) => {
      if (!request.continuous) return run(request, token);
      continuously(request, token, () => run(request, token).catch((error) => services.server.report(error)));
      return undefined;
    },
    isDefault,
    undefined,
    true,
  );
}

/** Calls `again` whenever a file of the request changes, one call at a time, until the token is cancelled. */
function continuously(request: TestRunRequest, token: CancellationToken, again: () => Promise<unknown>): void {
  const about = (uri: Uri): boolean =>
    request.include === undefined ||
    request.include.some((item) => item.uri !== undefined && toBinaryUri(item.uri).toString() === uri.toString());
  let running: Promise<unknown> = Promise.resolve();
  const changed = (uri: Uri): void => {
    if (about(uri)) running = running.then(again);
  };
  const watcher = workspace.createFileSystemWatcher('**/*.{wasm,wat,stress.json}');
  const subscriptions: Disposable[] = [watcher, watcher.onDidChange(changed)];
  token.onCancellationRequested(() => {
    for (const one of subscriptions) one.dispose();
  });
}

/** Runs a request to its end; `report` receives its progress. */
export async function runRequest<Result>(
  services: StressServices,
  mode: RunMode<Result>,
  request: TestRunRequest,
  token: CancellationToken,
  report: (message: string) => void = () => {},
): Promise<RunSummary> {
  const { controller } = services.items;
  const run = controller.createTestRun(request, undefined, true);
  services.states.runBegins(request.profile);
  const stress = new StressRun(services, mode, run, token, report);
  try {
    const refusal = whyNot(mode);
    for (const item of itemsOf(services.items, request)) {
      if (token.isCancellationRequested) run.skipped(item);
      else if (refusal !== undefined) {
        writeOutput(run, refusal);
        run.skipped(item);
      } else await stress.item(item);
    }
  } finally {
    run.end();
    services.states.runEnds();
    await mode.ended?.();
  }
  return stress.summary;
}

/** Why the mode cannot run here; undefined when it can. */
export function whyNot(mode: Pick<RunMode<unknown>, 'missing' | 'trust'>): string | undefined {
  return workspace.isTrusted ? mode.missing() : mode.trust;
}

/** What a request asks for, folders as their files. */
function itemsOf(items: StressServices['items'], { include, exclude = [] }: TestRunRequest): TestItem[] {
  const isExcluded = (item: TestItem | undefined): boolean =>
    item !== undefined && (exclude.includes(item) || isExcluded(item.parent));
  const wanted = include === undefined ? items.toRun(undefined) : include.flatMap((item) => items.toRun(item));
  return wanted.filter((item) => !isExcluded(item));
}
