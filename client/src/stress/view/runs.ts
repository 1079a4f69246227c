/** Runs test items: plans, explores, and tells the Test Explorer, the annotations and the output. */
import {
  type CancellationToken,
  Location,
  MarkdownString,
  type OutputChannel,
  type TestItem,
  TestMessage,
  TestMessageStackFrame,
  type TestRun,
  Uri,
  workspace,
} from 'vscode';
import type { Server } from '../../server.ts';
import { baseName, toBinaryUri } from '../../uris.ts';
import { parseScenario } from '../engine/checkScenario.ts';
import type { StressResult } from '../engine/result.ts';
import type { Scenario } from '../engine/scenario.ts';
import { stressText, verdictText } from '../text/resultText.ts';
import { planStress, runStress } from '../worker/runStress.node.ts';
import type { Items } from './items.ts';
import { besides, type ModuleInfo, moduleInfo, rangesOf } from './moduleInfo.ts';
import type { Results } from './results.ts';

export interface Runner {
  items: Items;
  server: Server;
  results: Results;
  output: OutputChannel;
  workerPath: string;
  /** Verdicts of the run that goes on, for the one who started it. */
  verdicts: { title: string; result: StressResult }[];
  /** Why the run that goes on stopped short, where that was no wish of the user. */
  stopped: string | undefined;
  /** Takes how far it is. */
  report: ((message: string) => void) | undefined;
}

/** One thing to run: a scenario and the items that get its verdict. */
interface Work {
  info: ModuleInfo;
  scenario: Scenario;
  title: string;
  item: TestItem;
  /** The scenario file, for its imports. */
  base: Uri | undefined;
  /** How often the module had changed before it was read. */
  changes: number;
}

const settings = () => {
  const section = workspace.getConfiguration('wasmHazards.stress');
  return { seconds: section.get('seconds', 10), memory: section.get('memory', 2048) };
};

/** Runs `item` and what is below it. */
export async function runItem(runner: Runner, run: TestRun, item: TestItem, token: CancellationToken): Promise<void> {
  run.started(item);
  let work: Work[];
  try {
    work = await workOf(runner, item, run);
  } catch (error) {
    run.errored(item, new TestMessage(error instanceof Error ? error.message : String(error)));
    return;
  }
  if (work.length === 0) {
    run.appendOutput(`${item.label}: no two of its exports conflict\r\n`, undefined, item);
    run.passed(item);
    return;
  }
  const started = Date.now();
  let worst: Outcome = 'passed';
  const byItem = new Map<TestItem, Work[]>();
  for (const one of work) byItem.set(one.item, [...(byItem.get(one.item) ?? []), one]);
  for (const [target, list] of byItem) {
    if (token.isCancellationRequested) {
      run.skipped(item);
      return;
    }
    const outcome = await runWorks(runner, run, target, list, token);
    if (RANK[outcome] > RANK[worst]) worst = outcome;
  }
  if (byItem.has(item)) return;
  const duration = Date.now() - started;
  if (worst === 'passed') run.passed(item, duration);
  else if (worst === 'failed') run.failed(item, new TestMessage(`${item.label}: a scenario below failed`), duration);
  else if (worst === 'errored')
    run.errored(item, new TestMessage(`${item.label}: a scenario below could not be run`), duration);
  else run.skipped(item);
}

type Outcome = 'passed' | 'skipped' | 'errored' | 'failed';
const RANK: Readonly<Record<Outcome, number>> = { passed: 0, skipped: 1, errored: 2, failed: 3 };

async function workOf({ items, server, results, workerPath }: Runner, item: TestItem, run: TestRun): Promise<Work[]> {
  const kind = items.kindOf(item);
  if (item.uri === undefined) return [];
  if (kind.kind === 'scenario') return [await scenarioWork(server, results, item, item.uri)];
  const changes = results.changesOf(toBinaryUri(item.uri));
  const info = await moduleInfo(server, item.uri);
  const { seconds } = settings();
  const plan = await planStress(
    {
      bytes: info.bytes,
      options: {
        host: info.host,
        model: info.model,
        seconds,
        exportName: kind.kind === 'export' ? kind.name : kind.kind === 'pair' ? kind.a : undefined,
        other: kind.kind === 'pair' ? kind.b : undefined,
      },
    },
    workerPath,
  );
  for (const note of plan.notes) run.appendOutput(`Note: ${note}\r\n`, undefined, item);
  const module = moduleOf(item);
  const work: Work[] = [];
  for (const { a, b, title, scenario } of plan.scenarios) {
    const parent = kind.kind === 'pair' ? undefined : await items.exportOf(module, a);
    const target = parent === undefined ? item : items.pair(parent, a, b);
    // An export's own run reports at it what a pair below another export shows.
    const own = kind.kind === 'export' && parent !== item ? item : target;
    work.push({ info, scenario, title, item: own, base: undefined, changes });
  }
  return work;
}

function moduleOf(item: TestItem): TestItem {
  let top = item;
  while (top.parent !== undefined) top = top.parent;
  return top;
}

async function scenarioWork(server: Server, results: Results, item: TestItem, uri: Uri): Promise<Work> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const text = open?.getText() ?? new TextDecoder().decode(await workspace.fs.readFile(uri));
  const parsed = parseScenario(text, 'wazero');
  if ('problems' in parsed) {
    const [first] = parsed.problems;
    throw new Error(`${baseName(uri)}: ${first.path.length > 0 ? `${first.path.join('.')}: ` : ''}${first.message}`);
  }
  const { scenario } = parsed;
  const named = scenario.module ?? (await sibling(uri));
  if (named === undefined)
    throw new Error(`${baseName(uri)} names no module: add "module" with the path of a .wasm or .wat file`);
  const module = besides(uri, named);
  const changes = results.changesOf(toBinaryUri(module));
  const info = await moduleInfo(server, module);
  return { info, scenario, title: baseName(uri), item, base: uri, changes };
}

/** `x.wasm` or `x.wat` beside `x.stress.json`. */
async function sibling(uri: Uri): Promise<string | undefined> {
  const stem = baseName(uri).slice(0, -'.stress.json'.length);
  for (const name of [`${stem}.wasm`, `${stem}.wat`]) {
    try {
      await workspace.fs.stat(Uri.joinPath(uri, '..', name));
      return name;
    } catch {
      // It is not there: the next name may be.
    }
  }
  return undefined;
}

/** All scenarios of one item, one after the other; its verdict is the worst of them. */
async function runWorks(
  runner: Runner,
  run: TestRun,
  item: TestItem,
  list: readonly Work[],
  token: CancellationToken,
): Promise<Outcome> {
  run.started(item);
  const started = Date.now();
  const messages: TestMessage[] = [];
  let outcome: Outcome = 'passed';
  const note = (next: Outcome): void => {
    if (RANK[next] > RANK[outcome]) outcome = next;
  };
  for (const work of list) {
    if (token.isCancellationRequested) {
      note('skipped');
      break;
    }
    const module = toBinaryUri(work.info.uri);
    const isStale = (): boolean => runner.results.changesOf(module) !== work.changes;
    const answer = isStale() ? undefined : await runOne(runner, work, token);
    if (answer === undefined || isStale()) {
      runner.stopped = `${work.title}: ${baseName(module)} changed while it ran; run the test again`;
      run.appendOutput(`${runner.stopped}\r\n`, undefined, item);
      note('skipped');
      break;
    }
    if ('failure' in answer) {
      if (answer.failure.kind === 'cancelled') {
        note('skipped');
        break;
      }
      run.appendOutput(`${work.title}: ${answer.failure.message}\r\n`, undefined, item);
      messages.push(new TestMessage(answer.failure.message));
      note('errored');
      continue;
    }
    const { result } = answer;
    runner.results.add(module, result, work.base);
    runner.verdicts.push({ title: work.title, result });
    const text = await textOf(runner, work, result, true);
    runner.output.append(`${work.title}\n${text}\n`);
    run.appendOutput(`${work.title}\r\n${text.replaceAll('\n', '\r\n')}\r\n`, undefined, item);
    if (result.verdict === 'safe') continue;
    messages.push(await messageOf(runner, work, result, item));
    note(result.verdict === 'inconclusive' ? 'errored' : 'failed');
  }
  const duration = Date.now() - started;
  if (outcome === 'passed') run.passed(item, duration);
  else if (outcome === 'skipped') run.skipped(item);
  else if (outcome === 'errored') run.errored(item, messages, duration);
  else run.failed(item, messages, duration);
  return outcome;
}

async function runOne(
  runner: Runner,
  { info, scenario, base, title }: Pick<Work, 'info' | 'scenario' | 'base' | 'title'>,
  token: CancellationToken,
  schedule?: string,
) {
  const abort = new AbortController();
  const module = toBinaryUri(info.uri).toString();
  const subscriptions = [
    token.onCancellationRequested(() => abort.abort()),
    runner.results.onDidForget((uri) => uri.toString() === module && abort.abort()),
  ];
  const { imports } = scenario;
  try {
    return await runStress(
      { bytes: info.bytes, name: baseName(info.uri), scenario, schedule },
      {
        workerPath: runner.workerPath,
        signal: abort.signal,
        onProgress: ({ phase, schedules }) => runner.report?.(`${title}: ${phase}, ${schedules} executions`),
        memory: settings().memory,
        // The handlers refuse to run anything where the workspace is not trusted.
        importsModule: imports === 'stub' || base === undefined ? undefined : besides(base, imports.module).fsPath,
      },
    );
  } finally {
    for (const one of subscriptions) one.dispose();
  }
}

/** The text of a result, with the places of a source as lines. */
async function textOf(
  { server }: Runner,
  { info }: Pick<Work, 'info'>,
  result: StressResult,
  full: boolean,
): Promise<string> {
  const offsets = new Set([
    ...result.races.flatMap(({ a, b }) => [a.offset, b.offset]),
    ...result.trace.slice(0, 500).map(({ offset }) => offset),
  ]);
  const ranges = await rangesOf(server, info.uri, [...offsets].slice(0, 500));
  const isText = /\.(wat|wast)$/i.test(info.uri.path);
  const place = (_func: number, offset: number): string => {
    const range = ranges.get(offset);
    return isText && range !== undefined
      ? `${range.start.line + 1}:${range.start.character + 1}`
      : `0x${offset.toString(16)}`;
  };
  return stressText(result, { full, colour: false, place });
}

/** What a failing item says: the verdict, the table of the trace, the racing instructions as frames. */
async function messageOf(runner: Runner, work: Work, result: StressResult, item: TestItem): Promise<TestMessage> {
  const text = new MarkdownString().appendText(`${work.title}: ${verdictText(result)}`);
  text.appendCodeblock(await textOf(runner, work, result, false), 'text');
  const message = new TestMessage(text);
  if (item.uri !== undefined && item.range !== undefined) message.location = new Location(item.uri, item.range);
  const [race] = result.races;
  if (race !== undefined && item.uri !== undefined) {
    const ranges = await rangesOf(runner.server, work.info.uri, [race.a.offset, race.b.offset]);
    const uri = runner.items.kindOf(item).kind === 'scenario' ? undefined : item.uri;
    message.stackTrace = [race.a, race.b].map((party) => {
      const range = ranges.get(party.offset);
      const label = `${party.op} in ${result.functions[party.func] ?? `func[${party.func}]`}`;
      return new TestMessageStackFrame(label, uri, range?.start);
    });
  }
  return message;
}

/** Runs a schedule of a result again, shows its whole trace and resolves with it. */
export async function replaySchedule(
  runner: Runner,
  uri: Uri,
  schedule: string,
  token: CancellationToken,
): Promise<string> {
  const result = runner.results
    .of(uri)
    .find(
      (r) =>
        r.schedule === schedule ||
        r.races.some((race) => race.schedule === schedule) ||
        r.outcomes.wrong.some((w) => w.schedule === schedule),
    );
  if (result === undefined)
    throw new Error('the results were cleared, because the module changed: run the stress test again');
  const info = await moduleInfo(runner.server, uri);
  const answer = await runOne(
    runner,
    { info, scenario: result.scenario, title: '', base: runner.results.fileOf(result) },
    token,
    schedule,
  );
  if ('failure' in answer) throw new Error(answer.failure.message);
  const text = await textOf(runner, { info }, answer.result, true);
  runner.output.append(`Replay of ${schedule}\n${text}\n`);
  runner.output.show(true);
  return text;
}
