/** What to run for a test item: the scenario of its file, or a plan for a module and its exports. */
import { l10n, type TestItem, type Uri, workspace } from 'vscode';
import { DEFAULT_HOST } from '../../../../core/hosts/index.ts';
import { placeName, sourcePlace } from '../../../../core/report/sourcePlace.ts';
import { parseScenario } from '../../../../core/stress/scenario/checkScenario.ts';
import type { Scenario } from '../../../../core/stress/scenario/scenario.ts';
import { offsetOf } from '../../../../core/stress/scenario/scenarioPlaces.ts';
import { readSettings, stressSettings } from '../../settings.ts';
import { fileLabel, toBinaryUri } from '../../uris.ts';
import { type ModuleInfo, moduleInfo } from '../moduleInfo.ts';
import { runBegins } from '../results/clearing.ts';
import { scenarioModuleUri } from '../scenarios/scenarioModule.ts';
import type { StressServices } from '../services.ts';

/** One thing to run: a scenario and the item that gets its verdict. */
export interface Work {
  info: ModuleInfo;
  scenario: Scenario;
  title: string;
  item: TestItem;
  /** The scenario file, for its imports. */
  base: Uri | undefined;
  /** How often the module had changed when it was read. */
  changes: number;
}

type WorkServices = Pick<StressServices, 'items' | 'server' | 'results' | 'runner'>;

/** What planning may take and whom it tells. Scenario files are not planned: they have their own budget. */
export interface Planning {
  /** For all scenarios of a plan. */
  seconds: number;
  /** Whether the hammer runs the scenarios. */
  hammer: boolean;
  /** Cancels the planning. */
  signal: AbortSignal;
  /** Receives what the plan leaves out. */
  note(text: string): void;
}

/** The work of an item and its children; empty when nothing conflicts. Rejects with a message for the user. */
export async function workOf(services: WorkServices, item: TestItem, planning: Planning): Promise<Work[]> {
  if (item.uri === undefined) return [];
  if (services.items.kindOf(item).kind === 'scenario') return [await scenarioWork(services, item, item.uri)];
  return plannedWork(services, item, item.uri, planning);
}

async function plannedWork(
  { items, server, results, runner }: WorkServices,
  item: TestItem,
  uri: Uri,
  { seconds, hammer, signal, note }: Planning,
): Promise<Work[]> {
  const kind = items.kindOf(item);
  const changes = results.changesOf(toBinaryUri(uri));
  const info = await moduleInfo(server, uri);
  await runBegins(results, info);
  const { scenarios: limit } = stressSettings();
  const { sharingModel = 'auto', suspendingImports } = readSettings();
  const plan = await runner.plan(
    {
      bytes: info.bytes,
      analysis: info.analysis,
      name: fileLabel(uri),
      tries: true,
      options: {
        host: info.host,
        // A model that nobody chose is not one that the user vouches for.
        model: sharingModel,
        suspending: suspendingImports,
        ...{ seconds, hammer, limit },
        exportName: kind.kind === 'export' ? kind.name : kind.kind === 'pair' ? kind.a : undefined,
        other: kind.kind === 'pair' ? kind.b : undefined,
      },
    },
    signal,
  );
  for (const text of plan.notes) note(text);
  const module = items.moduleOf(item);
  // Badges stand where the exports are now.
  await items.fill(module, info);
  const work: Work[] = [];
  for (const { a, b, title, scenario } of plan.scenarios) {
    const parent = kind.kind === 'pair' ? undefined : await items.exportOf(module, a);
    const target = parent === undefined ? item : items.pair(parent, a, b);
    // A run of an export reports everything at that export, even if the pair's item is below another one.
    const own = kind.kind === 'export' && parent !== item ? item : target;
    work.push({ info, scenario, title, item: own, base: undefined, changes });
  }
  return work;
}

async function scenarioWork({ server, results }: WorkServices, item: TestItem, uri: Uri): Promise<Work> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const text = open?.getText() ?? new TextDecoder().decode(await workspace.fs.readFile(uri));
  const parsed = parseScenario(text, DEFAULT_HOST, readSettings().suspendingImports);
  if ('problems' in parsed) {
    const [first] = parsed.problems;
    const at = placeName(fileLabel(uri), sourcePlace(text, first.offset ?? offsetOf(text, first.path)));
    throw new Error(`${at}: ${first.message}`);
  }
  const { scenario } = parsed;
  const module = await scenarioModuleUri(uri, scenario.module);
  if (module === undefined)
    throw new Error(
      l10n.t('{0} does not name a module: add "module" with the path of a .wasm or .wat file', fileLabel(uri)),
    );
  const changes = results.changesOf(toBinaryUri(module));
  const info = await moduleInfo(server, module);
  await runBegins(results, info);
  return { info, scenario, title: fileLabel(uri), item, base: uri, changes };
}
