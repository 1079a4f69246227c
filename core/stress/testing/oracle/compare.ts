/** The engine's answer on a random program beside the oracle's: every difference in words. */
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { Cursor } from '../../../wasm/cursor.ts';
import { decodeModule } from '../../../wasm/decode.ts';
import { nextInstruction } from '../../../wasm/immediates.ts';
import { ACCESS, Access } from '../../../wasm/instructions.ts';
import { skipLocals } from '../../../wasm/skip.ts';
import type { RaceParty, StressResult } from '../../explore/result.ts';
import type { ScenarioFile } from '../../scenario/scenario.ts';
import { explored } from '../run.ts';
import { interpret, type Verdicts } from './interpret.ts';
import { exportOf, type Program } from './program.ts';
import { watOf } from './text.ts';

/** Programs with more interleavings are passed over. */
const MAX_INTERLEAVINGS = 6_000;

/** What the comparison of one program found. */
export interface Comparison {
  /** In words; none when engine and oracle agree. */
  differences: string[];
  truth: Verdicts;
}

/** The calls of a program as a scenario for the engine. */
export const scenarioOf = ({ host, model, callers }: Program): ScenarioFile => ({
  host,
  model,
  callers: callers.map((calls, p) => calls.map((_, call) => [exportOf(p, call)])),
  unit: 'call',
  ...(model === 'cooperative' ? { imports: { 'env.sleep': { suspends: true } } } : {}),
});

/** Runs engine and oracle on a program. Undefined when the program has too many interleavings. */
export async function compare(program: Program): Promise<Comparison | undefined> {
  const truth = interpret(program, MAX_INTERLEAVINGS);
  if (truth === undefined) return undefined;
  const bytes = await parse(watOf(program));
  const result = await explored(bytes, { ...scenarioOf(program), budget: { seconds: 60, schedules: 1_000_000 } });
  const differences = [...verdictDifferences(program, result, truth), ...raceDifferences(bytes, result, truth)];
  return { differences, truth };
}

/** Operations on several bytes or slots are performed in fewer parts than those: some outcomes need more. */
const isCoarse = ({ model, callers }: Program): boolean =>
  model !== 'cooperative' &&
  callers.flat(2).some((step) => 'count' in step && step.op.startsWith('table.') && step.count > 1);

function verdictDifferences(program: Program, result: StressResult, truth: Verdicts): string[] {
  const found: string[] = [];
  const differ = (what: string, engine: unknown, oracle: unknown): void => {
    if (engine !== oracle) found.push(`${what}: engine ${engine}, oracle ${oracle}`);
  };
  const unknown = (what: string, results: string[][], known: Set<string>): void => {
    if (!known.has(JSON.stringify(results))) found.push(`${what}: ${JSON.stringify(results)}`);
  };
  for (const { text } of result.defects) found.push(`defect: ${text}`);
  // Once it has found something wrong, the engine need not go on to the end.
  const whole = result.exhaustive || !(result.wrongOutcome || result.hang !== null);
  if (whole) differ('exhaustive', result.exhaustive, true);
  differ('serial outcomes', result.outcomes.serial, truth.serial.size);
  differ('stuck orders', result.stuckOrders, truth.stuckOrders);
  for (const { results } of result.outcomes.examples) unknown('serial results', results, truth.serialResults);
  for (const { results } of result.outcomes.wrong) unknown('wrong results', results, truth.results);
  const wrong = [...truth.outcomes].some((outcome) => !truth.serial.has(outcome));
  if (result.outcomes.seen > truth.outcomes.size)
    found.push(`outcomes: engine ${result.outcomes.seen}, oracle only ${truth.outcomes.size}`);
  if (result.wrongOutcome && !wrong) found.push('wrong outcome invented');
  if (!whole) return found;
  differ('deadlock', result.hang?.kind === 'deadlock', truth.deadlock);
  if (isCoarse(program)) return found;
  // Without a serial order that ends outcomes are not judged, and what was not judged is not counted.
  if (truth.serial.size === 0) return found;
  differ('outcomes', result.outcomes.seen, truth.outcomes.size);
  differ('wrong outcome', result.wrongOutcome, wrong);
  return found;
}

function raceDifferences(bytes: Uint8Array, result: StressResult, truth: Verdicts): string[] {
  const nameOf = instructionNames(bytes);
  const name = ({ caller, call, offset }: RaceParty): string =>
    `${caller}.${call}:${nameOf.get(offset) ?? `@${offset}`}`;
  const reported = new Set(result.races.map(({ a, b, kind }) => `${[name(a), name(b)].sort().join(' ')} ${kind}`));
  const hazards = new Set<string>(result.hostHazards.map(({ kind }) => kind));
  const expected: ReadonlySet<string> =
    result.host === 'wazero'
      ? truth.hazards
      : new Set(ALONE.has(result.host) && result.model === 'shared-instance' ? ['overlapping-calls'] : []);
  return [...missing('race', truth.races, reported), ...missing('host hazard', expected, hazards)];
}

/** Hosts whose instances take one call at a time. */
const ALONE: ReadonlySet<string> = new Set(['wasmtime', 'wasmtime-c-api', 'wasmtime-py', 'wasmer', 'wamr', 'extism']);

function missing(what: string, truth: ReadonlySet<string>, reported: ReadonlySet<string>): string[] {
  return [
    ...[...truth].filter((one) => !reported.has(one)).map((one) => `${what} missing: ${one}`),
    ...[...reported].filter((one) => !truth.has(one)).map((one) => `${what} invented: ${one}`),
  ];
}

/** By byte offset: the how-many-eth access of its function an instruction is. */
function instructionNames(bytes: Uint8Array): Map<number, number> {
  const names = new Map<number, number>();
  const { functions } = decodeModule(bytes);
  functions.bodyStart.forEach((start, d) => {
    const cursor = new Cursor(bytes, start, functions.bodyEnd[d]);
    skipLocals(cursor);
    for (let n = 0; cursor.pos < functions.bodyEnd[d]; ) {
      const { id, start: at } = nextInstruction(cursor);
      if (ACCESS[id] !== Access.None && ACCESS[id] !== Access.RefFunc) names.set(at, n++);
    }
  });
  return names;
}
