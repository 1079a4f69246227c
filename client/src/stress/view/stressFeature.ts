/** Stress runs in VS Code: Test Explorer, commands, annotations. */
import {
  type CancellationToken,
  CancellationTokenSource,
  commands,
  type Disposable,
  type ExtensionContext,
  ProgressLocation,
  TestRunRequest as Request,
  type TestItem,
  TestRunProfileKind,
  type TestRunRequest,
  tests,
  Uri,
  window,
  workspace,
} from 'vscode';
import { Commands } from '../../../../server/src/protocol.ts';
import { reportFailure } from '../../commands/failure.ts';
import { targets } from '../../commands/target.ts';
import type { Feature } from '../../services.ts';
import { baseName, toBinaryUri } from '../../uris.ts';
import type { StressResult } from '../engine/result.ts';
import type { Scenario } from '../engine/scenario.ts';
import { missingSupport } from '../engine/stress.ts';
import { createScenario } from '../scenarios/createScenario.ts';
import { verdictText } from '../text/resultText.ts';
import { workerPath } from '../worker/workerPath.ts';
import { registerAnnotations } from './annotations.ts';
import { Items, MODULES, SCENARIOS } from './items.ts';
import { Results } from './results.ts';
import { type Runner, replaySchedule, runItem } from './runs.ts';

export const registerStress: Feature = (context, { server }) => {
  const controller = tests.createTestController('wasm-hazards', 'Wasm Hazards');
  const output = window.createOutputChannel('Wasm Hazards Stress');
  const results = new Results();
  const items = new Items(controller, server);
  const runner: Runner = {
    items,
    server,
    results,
    output,
    workerPath: workerPath(context),
    verdicts: [],
    stopped: undefined,
    report: undefined,
  };
  registerAnnotations(context, server, results);

  let discovered = false;
  controller.resolveHandler = async (item) => {
    if (item !== undefined) return items.resolve(item);
    if (!discovered) {
      discovered = true;
      watch(context, items, results);
    }
    return items.discover();
  };
  controller.refreshHandler = () => items.discover();

  /** Runs a request to its end. */
  async function execute(request: TestRunRequest, token: CancellationToken): Promise<void> {
    const run = controller.createTestRun(request, undefined, true);
    runner.verdicts = [];
    runner.stopped = undefined;
    try {
      const refusal = whyNot();
      for (const item of request.include ?? topItems(items)) {
        if (request.exclude?.includes(item)) continue;
        if (token.isCancellationRequested) run.skipped(item);
        else if (refusal !== undefined) {
          run.appendOutput(`${refusal}\r\n`);
          run.skipped(item);
        } else await runItem(runner, run, item, token);
      }
    } finally {
      run.end();
    }
  }

  controller.createRunProfile(
    'Explore',
    TestRunProfileKind.Run,
    (request, token) => (request.continuous ? continuously(request, token, execute) : execute(request, token)),
    true,
    undefined,
    true,
  );

  /** A run that a command starts, with a notification that can cancel it. */
  async function runCommand(title: string, find: () => Promise<TestItem[]>): Promise<void> {
    const refusal = whyNot();
    if (refusal !== undefined) {
      void window.showWarningMessage(refusal);
      return;
    }
    await window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        runner.report = (message) => progress.report({ message });
        const found = await find();
        if (found.length > 0) await execute(new Request(found), token);
        runner.report = undefined;
      },
    );
    tell();
  }

  /** What a run that a command started has found; nothing of it takes the focus. */
  function tell(): void {
    if (runner.stopped !== undefined) {
      void window.showWarningMessage(runner.stopped);
      return;
    }
    const [worst] = runner.verdicts.toSorted((a, b) => severity(b.result) - severity(a.result));
    if (worst === undefined) return;
    const show = severity(worst.result) > 0 ? window.showWarningMessage : window.showInformationMessage;
    void show(`${worst.title}: ${verdictText(worst.result)}.`, 'Show results').then((button) => {
      if (button !== undefined) void commands.executeCommand('workbench.panel.testResults.view.focus');
    });
  }

  /** Resolves with the results of the modules, for those who call the command. */
  const stressModule = async (clicked?: unknown, selected?: unknown): Promise<StressResult[]> => {
    const scenario = clicked instanceof Uri && clicked.path.endsWith('.stress.json') ? clicked : undefined;
    const uris = scenario === undefined ? await stressTargets(clicked, selected) : [scenario];
    if (uris.length === 0) return [];
    await runCommand(`Stress test of ${uris.map(baseName).join(', ')}`, async () => {
      const found = uris.map((uri) => items.file(uri));
      for (const item of found) if (item.canResolveChildren) await items.resolve(item);
      return found;
    });
    return uris.flatMap((uri) => [...results.of(uri)]);
  };

  const stressExport = async (uri?: unknown, name?: unknown): Promise<void> => {
    const [module] =
      typeof uri === 'string' || uri instanceof Uri
        ? [toBinaryUri(typeof uri === 'string' ? Uri.parse(uri, true) : uri)]
        : await targets(undefined);
    if (module === undefined) return;
    const item = items.file(module);
    await items.resolve(item);
    const wanted = typeof name === 'string' ? name : await pickExport(item);
    if (wanted === undefined) return;
    await runCommand(`Stress test of ${wanted}`, async () => {
      const found = await items.exportOf(item, wanted);
      return found === undefined ? [] : [found];
    });
  };

  const replay = async (uri: string, schedule: string): Promise<string | undefined> => {
    const refusal = whyNot();
    if (refusal !== undefined) {
      void window.showWarningMessage(refusal);
      return undefined;
    }
    const source = new CancellationTokenSource();
    try {
      return await replaySchedule(runner, Uri.parse(uri, true), schedule, source.token);
    } catch (error) {
      reportFailure(server, 'The schedule could not be replayed', error);
      return undefined;
    } finally {
      source.dispose();
    }
  };

  context.subscriptions.push(
    controller,
    output,
    results,
    commands.registerCommand(Commands.stressModule, stressModule),
    commands.registerCommand(Commands.stressExport, stressExport),
    commands.registerCommand(Commands.replaySchedule, replay),
    commands.registerCommand(Commands.createScenario, (clicked?: unknown, a?: unknown, b?: unknown) => {
      const item = items.find(clicked);
      if (item?.uri === undefined) return createScenario(context, server, clicked, a, b);
      // Of what was run there, the worst; else a plan for the pair.
      const { names } = item;
      const finished = worstOf(results.of(toBinaryUri(item.uri)), names);
      return createScenario(context, server, item.uri, names[0], names[1], finished);
    }),
    commands.registerCommand(Commands.clearStress, () => results.clear()),
    commands.registerCommand(Commands.showStressOutput, () => output.show()),
    ...clearing(results),
  );
};

/** The higher the worse; 0 is safe. */
const severity = ({ verdict, wrongOutcome }: StressResult): number => (wrongOutcome ? 2 : verdict === 'safe' ? 0 : 1);

/** Scenario of the worst result in which the exports take part. */
function worstOf(results: readonly StressResult[], names: readonly string[]): Scenario | undefined {
  const about = results.filter(({ scenario }) => {
    const called = scenario.callers.flat().map(([name]) => name);
    return names.every((name) => called.includes(name));
  });
  return about.toSorted((x, y) => severity(y) - severity(x))[0]?.scenario;
}

/** What is wanted to be run: a scenario in front, else a module. */
async function stressTargets(clicked: unknown, selected: unknown): Promise<Uri[]> {
  const front = window.activeTextEditor?.document.uri;
  if (clicked === undefined && front?.path.endsWith('.stress.json')) return [front];
  return targets(clicked, selected);
}

/** Why nothing can be run here; undefined when it can. */
function whyNot(): string | undefined {
  if (!workspace.isTrusted)
    return 'Stress runs execute the code of modules, so they need a trusted workspace. Reading and analysing modules works without.';
  return missingSupport();
}

const topItems = ({ controller }: Items): TestItem[] => [...controller.items].map(([, item]) => item);

async function pickExport(module: TestItem): Promise<string | undefined> {
  const names = [...module.children].map(([, item]) => item.label);
  if (names.length === 0) {
    void window.showInformationMessage(
      module.error === undefined ? `${module.label} exports no function.` : String(module.error),
    );
    return undefined;
  }
  return window.showQuickPick(names, { title: 'Stress test export', placeHolder: 'Which export?' });
}

/** Runs again whenever a file of the request is saved, until the token ends it. */
function continuously(
  request: TestRunRequest,
  token: CancellationToken,
  execute: (request: TestRunRequest, token: CancellationToken) => Promise<void>,
): void {
  const about = (uri: Uri): boolean =>
    request.include === undefined ||
    request.include.some((item) => item.uri !== undefined && toBinaryUri(item.uri).toString() === uri.toString());
  let running = Promise.resolve();
  const again = (uri: Uri): void => {
    if (/\.(wasm|wat|stress\.json)$/.test(uri.path) && about(uri))
      running = running.then(() => execute(request, token));
  };
  const watcher = workspace.createFileSystemWatcher(`**/*.{wasm,wat,stress.json}`);
  const subscriptions: Disposable[] = [watcher, watcher.onDidChange(again)];
  token.onCancellationRequested(() => {
    for (const one of subscriptions) one.dispose();
  });
}

/** Keeps the list of files true. */
function watch(context: ExtensionContext, items: Items, results: Results): void {
  for (const pattern of [MODULES, SCENARIOS]) {
    const watcher = workspace.createFileSystemWatcher(pattern);
    context.subscriptions.push(
      watcher,
      watcher.onDidCreate((uri) => void items.file(uri)),
      watcher.onDidDelete((uri) => {
        items.remove(uri);
        results.forget(uri);
      }),
    );
  }
}

/** Results are of a module as it was: a change of it takes them away. */
function clearing(results: Results): Disposable[] {
  const watcher = workspace.createFileSystemWatcher('**/*.wasm');
  const gone = (uri: Uri): void => results.forget(uri);
  return [
    watcher,
    watcher.onDidChange(gone),
    watcher.onDidDelete(gone),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && document.uri.scheme !== 'output') results.forget(toBinaryUri(document.uri));
    }),
  ];
}
