/** For tests: whether the analysis knows what exploration found. */
import assert from 'node:assert/strict';
import { analyse } from '../../analysis/analyse.ts';
import type { CellKind } from '../../analysis/cells.ts';
import { type CallArguments, meetsWith } from '../../analysis/conditions/callConflicts.ts';
import { constantOf } from '../../analysis/constants.ts';
import type { Analysis } from '../../analysis/model.ts';
import { conflictOf, effectsOf } from '../../analysis/queries.ts';
import { Coverage } from '../../analysis/testing/covers.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { memoryName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { I32, I64 } from '../../wasm/types.ts';
import type { RaceKind, RaceParty, RaceReport, StressResult } from '../explore/result.ts';
import { isExpression } from '../scenario/stepForms.ts';
import { callIn, type Step } from '../scenario/steps.ts';

/**
 * The races of a result that the analysis of the module does not predict: the exports do not conflict, or no effects that
 * cover the two accesses do, with the arguments of the two calls. A line each.
 */
export function unpredictedRaces(bytes: Uint8Array, callers: readonly Step[][], result: StressResult): string[] {
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: result.host, model: result.model });
  return result.races.flatMap((race) => {
    const sides = [race.a, race.b].map((party) => sideOf(module, analysis, callers, party));
    const [left, right] = sides;
    // What the host does between calls is no effect of an export.
    if (left === undefined || right === undefined) return [];
    const names = `${left.name} at ${race.a.offset} and ${right.name} at ${race.b.offset} on ${race.cell}`;
    if (conflictOf(analysis, left.position, right.position, 1) === undefined)
      return [`no conflict of exports: ${names}`];
    // What a host function does is an effect of the call.
    if (race.kind === 'host') return [];
    const isFresh = (id: number): boolean => analysis.effects[id].cell.address?.base === 'fresh';
    const meeting = meetsWith(analysis, left.position, left.args, right.position, right.args);
    const meets = placesOf(module, race).some((place) => {
      const mine = covering(module, analysis, left, race.a, race.kind, place);
      const theirs = covering(module, analysis, right, race.b, race.kind, place);
      if (meeting.some(({ effects: [e, f] }) => mine.includes(e) && theirs.includes(f))) return true;
      // An allocator that two calls race in may give both the same block: that race is the conflict.
      const allocating = meeting.some(({ condition }) => condition === 'always');
      return allocating && mine.some(isFresh) && theirs.some(isFresh);
    });
    return meets ? [] : [`no conflict of accesses: ${names}`];
  });
}

interface Side {
  name: string;
  position: number;
  args: CallArguments;
}

/** The call of an export that a party is in; undefined for an access of the host. */
function sideOf(
  module: Module,
  analysis: Analysis,
  callers: readonly Step[][],
  { caller, call }: RaceParty,
): Side | undefined {
  const made = callIn(callers[caller][call]);
  if (made === undefined) return undefined;
  const [name, ...values] = made;
  const position = analysis.exports.findIndex((e) => e.name === name);
  const { composite } = module.types[module.functions.typeIndex[analysis.exports[position].func]];
  const params = composite.kind === 'func' ? composite.params : [];
  const args = values.map((value, i) => {
    if (value === null || isExpression(value)) return undefined;
    return params[i] === I64 ? BigInt(value) : params[i] === I32 ? Number(value) : undefined;
  });
  return { name, position, args };
}

/** Kinds of cells of the accesses that race on a kind: growth also races with accesses of what it moves. */
const KINDS: Readonly<Record<Exclude<RaceKind, 'memory' | 'host'>, readonly CellKind[]>> = {
  'memory.grow': ['memory.grow', 'memory'],
  global: ['global', 'stack-pointer'],
  table: ['table'],
  'table.grow': ['table.grow', 'table'],
  segment: ['segment'],
};

/** A byte of a memory. */
interface Place {
  memory: number;
  at: number;
}

/** Bytes that are looked at, of one race. */
const MOST_PLACES = 4096;

/** The bytes of a race, which both sides touch or one of them; one place of no meaning for other cells. */
function placesOf(module: Module, { kind, cell }: RaceReport): Place[] {
  if (kind !== 'memory') return [{ memory: -1, at: 0 }];
  const [, from, to] = / 0x([0-9a-f]+)(?:\.\.0x([0-9a-f]+))?/.exec(cell) ?? assert.fail(cell);
  const start = Number.parseInt(from, 16);
  const end = to === undefined ? start + 1 : Number.parseInt(to, 16);
  const memory = module.memories.findIndex((_, i) => cell.startsWith(`${memoryName(module, i)} `));
  assert.ok(memory >= 0, cell);
  return Array.from({ length: Math.min(end - start, MOST_PLACES) }, (_, i) => ({ memory, at: start + i }));
}

/** Effects of the export that cover one side of a race. */
function covering(
  module: Module,
  analysis: Analysis,
  { position, args }: Side,
  { access }: RaceParty,
  kind: RaceKind,
  { memory, at }: Place,
): number[] {
  const { func } = analysis.exports[position];
  if (kind === 'host') return [];
  if (kind !== 'memory')
    return effectsOf(analysis, func).filter((id) => {
      const { cell } = analysis.effects[id];
      return cell.kind === 'anything' || KINDS[kind].includes(cell.kind);
    });
  const coverage = new Coverage(module, analysis, {
    stackTop: Number.POSITIVE_INFINITY,
    global: (index) => {
      const { init } = module.globals[index];
      return (init === undefined ? undefined : constantOf(module, init)) ?? Number.NaN;
    },
  });
  const call = { func, args: args.map((one) => (one === undefined ? undefined : Number(one))), lowestStack: 0 };
  return coverage.covering(call, { kind, index: memory, start: at, end: at + 1, access, fresh: true });
}
