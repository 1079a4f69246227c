/** Stress runs in VS Code: Test Explorer, commands, annotations. */

import { type ExtensionContext, l10n, type TestController, tests, Uri, window, workspace } from 'vscode';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { severityOfResult } from '../../../core/stress/explore/headlines.ts';
import type { Scenario } from '../../../core/stress/scenario/scenario.ts';
import { callsOf } from '../../../core/stress/scenario/steps.ts';
import { reportFailure } from '../commands/failure.ts';
import { registerCommand } from '../commands/typedCommands.ts';
import { debounced } from '../debounced.ts';
import type { Feature } from '../services.ts';
import { showWarning } from '../shown/notices.ts';
import { toBinaryUri } from '../uris.ts';
import { ExploreMode } from './modes/exploreMode.ts';
import { HammerMode } from './modes/hammerMode.ts';
import { StressMode } from './modes/stressMode.ts';
import { WazeroMode } from './modes/verifyMode.ts';
import { registerAnnotations } from './results/annotations.ts';
import { forgetChanged } from './results/clearing.ts';
import { ShownToServer } from './results/shownToServer.ts';
import { forgetStale } from './results/staleTests.ts';
import { replaySchedule, runFinding } from './runs/replaySchedule.ts';
import { addProfile, whyNot } from './runs/runProfile.ts';
import { TestStates } from './runs/testStates.ts';
import { createScenario } from './scenarios/createScenario.ts';
import type { StressServices } from './services.ts';
import { stressTestExport, stressTestModules } from './stressCommands.ts';
import { MODULES, SCENARIOS, TestItems } from './tests/testItems.ts';

/** Registers the commands and the test controller, whose profiles are `Explore`, `Hammer` and `Verify on wazero`. */
export const registerStress: Feature = (context, { server, results, summaries, badges, runner }) => {
  const controller = tests.createTestController('wasm-hazards', 'Wasm Hazards');
  const output = window.createOutputChannel('Wasm Hazards Stress');
  const goOutput = window.createOutputChannel('Wasm Hazards Go');
  const items = new TestItems(controller, { server, runner });
  const states = new TestStates(items, badges);
  const services: StressServices = {
    items,
    server,
    results,
    badges,
    states,
    output,
    goOutput,
    runner,
  };
  const explore = new ExploreMode(services);
  const hammer = new HammerMode(services);
  const stress = new StressMode(explore, hammer);
  const verify = new WazeroMode(services, explore);
  const toServer = new ShownToServer(server, results);
  registerAnnotations(context, { server, results, summaries }, badges);
  discover(context, controller, services);
  addProfile(services, controller, explore, true);
  addProfile(services, controller, hammer, false);
  addProfile(services, controller, verify, false);

  /** What the commands resolve with when other code executes them. */
  const shown = (uris: readonly Uri[]): AdvisedResult[] => {
    toServer.flush();
    return uris.flatMap((uri) => [...results.of(uri)]);
  };

  const replay = async (uri: string, schedule: string): Promise<string | undefined> => {
    const refusal = whyNot(explore);
    if (refusal !== undefined) {
      void showWarning(refusal);
      return undefined;
    }
    try {
      return await replaySchedule(services, explore, Uri.parse(uri, true), schedule);
    } catch (error) {
      return reportFailure(server, l10n.t('The schedule could not be replayed'), error);
    }
  };

  context.subscriptions.push(
    controller,
    output,
    goOutput,
    registerCommand('wasm-hazards.stressModule', async (clicked?: unknown, selected?: unknown) =>
      shown(await stressTestModules(services, stress, clicked, selected)),
    ),
    registerCommand('wasm-hazards.stressExport', async (uri?: unknown, name?: unknown, other?: unknown) =>
      shown(await stressTestExport(services, stress, uri, name, other)),
    ),
    registerCommand('wasm-hazards.verifyModule', async (clicked?: unknown, selected?: unknown) => {
      const uris = await stressTestModules(services, verify, clicked, selected);
      const wanted = uris.map(String);
      const kept = results.modules().flatMap((module) => results.verifiedOf(module).map((one) => ({ module, ...one })));
      return kept.flatMap(({ module, file, result }) => (wanted.includes(String(file ?? module)) ? [result] : []));
    }),
    registerCommand('wasm-hazards.replaySchedule', replay),
    registerCommand('wasm-hazards.runSchedule', (uri, finding) => {
      const refusal = whyNot(explore);
      if (refusal !== undefined) throw new Error(refusal);
      return runFinding(services, explore, Uri.parse(uri, true), finding);
    }),
    registerCommand('wasm-hazards.createScenario', (clicked?: unknown, a?: unknown, b?: unknown) => {
      const item = items.find(clicked);
      if (item?.uri === undefined) return createScenario({ server, runner }, clicked, a, b);
      // The scenario of the worst result, or else a plan for the pair.
      const { names } = item;
      const finished = worstOf(results.of(toBinaryUri(item.uri)), names);
      return createScenario({ server, runner }, item.uri, names[0], names[1], finished);
    }),
    registerCommand('wasm-hazards.clearStressResults', () => results.clear()),
    registerCommand('wasm-hazards.showStressOutput', () => output.show()),
    registerCommand('wasm-hazards.showGoOutput', () => goOutput.show()),
    ...forgetChanged(results),
    ...forgetStale({ results, summaries }, items, states),
    states,
    toServer,
  );
};

/** Finds files when the Test Explorer first asks, and watches them from then on. */
function discover(context: ExtensionContext, controller: TestController, services: StressServices): void {
  const { items } = services;
  let discovered = false;
  controller.resolveHandler = async (item) => {
    if (item !== undefined) return items.resolve(item);
    if (!discovered) {
      discovered = true;
      watch(context, services);
    }
    return items.discover();
  };
  controller.refreshHandler = () => items.discover();
}

function watch(context: ExtensionContext, { items, server }: Pick<StressServices, 'items' | 'server'>): void {
  const written = debounced((uri) => {
    items.written(uri).catch((error) => server.report(error));
  });
  context.subscriptions.push(written);
  for (const pattern of [MODULES, SCENARIOS]) {
    const watcher = workspace.createFileSystemWatcher(pattern);
    context.subscriptions.push(
      watcher,
      watcher.onDidCreate(written.changed),
      watcher.onDidChange(written.changed),
      watcher.onDidDelete((uri) => items.remove(uri)),
    );
  }
}

/** The scenario of the worst result that calls all of the exports. */
function worstOf(results: readonly AdvisedResult[], names: readonly string[]): Scenario | undefined {
  const about = results.filter(({ scenario }) => {
    const called = scenario.callers.flatMap(callsOf);
    return names.every((name) => called.includes(name));
  });
  return about.toSorted((x, y) => severityOfResult(y) - severityOfResult(x))[0]?.scenario;
}
