/** The engine's answer on a random program beside the oracle's: every difference in words. */
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { Cursor } from '../../../wasm/cursor.ts';
import { decodeModule } from '../../../wasm/decode.ts';
import { nextInstruction } from '../../../wasm/immediates.ts';
import { ACCESS, Access } from '../../../wasm/instructions.ts';
import { skipLocals } from '../../../wasm/skip.ts';
import type { RaceParty, StressResult } from '../../explore/result.ts';
import { explored } from '../run.ts';
import { interpret, type Verdicts } from './interpret.ts';
import { type Program, watOf } from './program.ts';

/** Programs with more interleavings are passed over. */
const MAX_INTERLEAVINGS = 20_000;

/** What the comparison of one program found. */
export interface Comparison {
  /** In words; none when engine and oracle agree. */
  differences: string[];
  truth: Verdicts;
}

/**
 * Runs engine and oracle on a program. Undefined when the program has too many interleavings, or when the engine found
 * something wrong and did not go on to the end.
 */
export async function compare(program: Program): Promise<Comparison | undefined> {
  const truth = interpret(program, MAX_INTERLEAVINGS);
  if (truth === undefined) return undefined;
  const bytes = await parse(watOf(program));
  const result = await explored(bytes, {
    host: program.model === 'A' ? 'wazero' : 'javascript',
    model: program.model === 'A' ? 'shared-instance' : 'shared-memory',
    callers: program.callers.map((_, p) => [[`f${p}`]]),
    budget: { seconds: 60, schedules: 1_000_000 },
  });
  if (!result.exhaustive && result.wrongOutcome) return undefined;
  const differences = [...verdictDifferences(program, result, truth), ...raceDifferences(bytes, result, truth)];
  return { differences, truth };
}

/** Bulk operations of several bytes are performed in fewer parts than bytes: some outcomes need more. */
const isCoarse = ({ callers }: Program): boolean =>
  callers.some((steps) => steps.some((step) => 'count' in step && step.op !== 'notify' && step.count > 1));

function verdictDifferences(program: Program, result: StressResult, truth: Verdicts): string[] {
  const found: string[] = [];
  const differ = (what: string, engine: unknown, oracle: unknown): void => {
    if (engine !== oracle) found.push(`${what}: engine ${engine}, oracle ${oracle}`);
  };
  differ('exhaustive', result.exhaustive, true);
  differ('serial outcomes', result.outcomes.serial, truth.serial.size);
  differ('deadlock', result.hang?.kind === 'deadlock', truth.deadlock);
  if (isCoarse(program)) {
    if (result.outcomes.seen > truth.outcomes.size)
      found.push(`outcomes: engine ${result.outcomes.seen}, oracle only ${truth.outcomes.size}`);
  } else differ('outcomes', result.outcomes.seen, truth.outcomes.size);
  const wrong = [...truth.outcomes].some((outcome) => !truth.serial.has(outcome));
  if (truth.stuckOrders === 0 && (wrong ? !isCoarse(program) : true))
    differ('wrong outcome', result.wrongOutcome, wrong);
  return found;
}

function raceDifferences(bytes: Uint8Array, result: StressResult, truth: Verdicts): string[] {
  const nameOf = instructionNames(bytes);
  const name = ({ caller, offset }: RaceParty): string => `${caller}:${nameOf.get(offset) ?? `@${offset}`}`;
  const reported = new Set(result.races.map(({ a, b, kind }) => `${[name(a), name(b)].sort().join(' ')} ${kind}`));
  return [
    ...[...truth.races].filter((race) => !reported.has(race)).map((race) => `race missing: ${race}`),
    ...[...reported].filter((race) => !truth.races.has(race)).map((race) => `race invented: ${race}`),
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
