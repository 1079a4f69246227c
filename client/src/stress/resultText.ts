/** A result as text: for terminals, the output of a test run, and test messages. Pure. */
import { palette } from '../cli/style.ts';
import type { Place, RaceParty, RaceReport, StressResult, TraceRow } from './engine/result.ts';
import { callerName, callText } from './engine/scenario.ts';
import { outcomesText, type Painted } from './outcomesText.ts';
import { traceTable } from './traceTable.ts';

export interface StressTextOptions {
  /** Everything: all races, all rows of the trace. */
  full: boolean;
  colour: boolean;
  /** Columns of the terminal. */
  columns?: number;
  /** Where an instruction is, `counter.wat:12:5`; byte offsets unless given. */
  place?: (func: number, offset: number) => string;
  /** How to name the scenario in the command that replays: `--scenario x.stress.json`, `--call ...`. */
  replay?: string;
}

/** How places are written. */
type Places = StressTextOptions & { names: Record<number, string> };

/** Races that the short form lists. */
const MAX_RACES = 8;
/** Imports that it names. */
const MAX_NAMES = 8;
/** Rows of the trace around each switch and each end of a call that it shows, when there are more than twice as many. */
const NEAR = 6;

export function stressText(result: StressResult, given: StressTextOptions): string {
  const options: Places = { ...given, names: result.functions };
  const paint: Painted = palette(options.colour);
  const lines = [
    headline(result, paint),
    `  ${circumstances(result)}`,
    '',
    ...outcomesText(result, paint),
    ...hangText(result, options),
    ...racesText(result, options),
    ...traceText(result, options, paint),
    ...poolText(result),
    ...exploredText(result),
    ...noteLines(result, given.full),
  ];
  while (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n`;
}

/** One line: what was found. */
export function verdictText(result: StressResult): string {
  const races = `${result.races.length} data race${result.races.length === 1 ? '' : 's'}`;
  switch (result.verdict) {
    case 'race':
      if (result.wrongOutcome) return `race: ${races}, and an outcome that no serial order gives`;
      if (result.benign) return `race, benign: ${races}, yet every outcome is that of a serial order`;
      return `race: ${races}; no wrong outcome was shown${result.hang === null ? '' : `, but a ${result.hang.kind}`}`;
    case 'non-atomic':
      return 'non-atomic: no data race, yet an outcome that no serial order gives';
    case 'hang':
      return result.hang?.kind === 'no-return'
        ? 'hang: a call does not return'
        : `hang: a ${result.hang?.kind ?? 'deadlock'}`;
    case 'safe':
      return result.exhaustive
        ? 'safe: no race, and every outcome is that of a serial order'
        : 'safe as far as explored: no race, and every outcome is that of a serial order';
    default:
      return 'inconclusive: no serial order of the calls has an outcome to compare with';
  }
}

function headline(result: StressResult, paint: Painted): string {
  const bad = result.verdict !== 'safe';
  const text = verdictText(result);
  return `${paint.bold(result.module)}: ${bad ? (result.benign ? paint.yellow(text) : paint.red(text)) : paint.green(text)}`;
}

function circumstances({ host, model, scenario }: StressResult): string {
  const callers = scenario.callers.map((calls, i) => `${callerName(i)} ${calls.map(callText).join('; ')}`).join(' | ');
  const setup = scenario.setup.length > 0 ? `, after ${scenario.setup.map(callText).join('; ')}` : '';
  const probe = scenario.probe.length > 0 ? `, then ${scenario.probe.map(callText).join('; ')}` : '';
  return `${host}, ${model}: ${callers}${setup}${probe}`;
}

const placeText = ({ func, offset }: Place, { place, names }: Places): string => {
  const inside = func < 0 ? '' : (names[func] ?? `func[${func}]`);
  if (offset < 0) return inside;
  return `${inside} ${place?.(func, offset) ?? `0x${offset.toString(16)}`}`.trim();
};

function hangText({ hang }: StressResult, options: Places): string[] {
  if (hang === null) return [];
  const seen = hang.lastSeen.map(
    (at) => `    ${callerName(at.caller)}, call ${at.call + 1}: last seen in ${placeText(at, options)}`,
  );
  const schedule = hang.schedule === '' ? 'in every order' : `under schedule ${hang.schedule}`;
  const what = { deadlock: 'Deadlock', livelock: 'Livelock', 'no-return': 'A call does not return' }[hang.kind];
  return [`  ${what} ${schedule}`, ...seen, ''];
}

const party = (one: RaceParty, options: Places): string =>
  `${callerName(one.caller)} ${one.op} (${one.access}) in ${placeText(one, options)}`;

/** One race, in two lines. */
const raceText = (race: RaceReport, options: Places): string[] => [
  `    ${race.kind}: ${race.cell}`,
  `      ${party(race.a, options)}  against  ${party(race.b, options)}  schedule ${race.schedule}`,
];

function racesText({ races }: StressResult, options: Places): string[] {
  if (races.length === 0) return [];
  const shown = options.full ? races : races.slice(0, MAX_RACES);
  const more = races.length > shown.length ? [`    and ${races.length - shown.length} more; --full lists them`] : [];
  return [`  Data races: ${races.length}`, ...shown.flatMap((race) => raceText(race, options)), ...more, ''];
}

function traceText(result: StressResult, options: Places, paint: Painted): string[] {
  if (result.schedule === null || result.trace.length === 0) return [];
  const matters = options.full ? result.trace : result.trace.filter((row) => row.matters);
  const hidden = result.trace.length - matters.length;
  const rows = options.full ? matters : nearSwitches(matters);
  const table = traceTable(rows, result.scenario.callers.length, {
    columns: options.columns,
    paint,
    place: (row) => placeText(row, options),
  });
  return [
    `  Schedule ${result.schedule}`,
    ...table.map((line) => `    ${line}`),
    ...(hidden > 0 ? [`    ${hidden} steps on cells of one caller alone are left out`] : []),
    `  Replay: wasm-hazards replay ${result.module}${options.replay ? ` ${options.replay}` : ''} --schedule ${result.schedule}`,
    '',
  ];
}

/** Rows around switches and ends of calls; a row `gap` stands for what is left out between them. */
function nearSwitches(rows: readonly TraceRow[]): TraceRow[] {
  const keep = new Set<number>();
  rows.forEach((row, i) => {
    const edge =
      row.switched ||
      row.op === 'call' ||
      row.op === 'return' ||
      row.op === 'trap' ||
      rows[i - 1]?.caller !== row.caller;
    if (edge) for (let k = i - NEAR; k <= i + NEAR; k++) keep.add(k);
  });
  const shown: TraceRow[] = [];
  let gap = 0;
  rows.forEach((row, i) => {
    if (keep.has(i)) {
      if (gap > 0) shown.push({ ...rows[i - 1], op: 'gap', cell: String(gap), switched: false });
      gap = 0;
      shown.push(row);
    } else gap++;
  });
  return shown;
}

function poolText({ pool, model }: StressResult): string[] {
  if (model !== 'isolated') return [];
  if (pool.length === 0)
    return ['  A pool of instances keeps the meaning of these calls: used instances answer like fresh ones.', ''];
  return [
    '  A pool of instances changes what these calls mean:',
    ...pool.map(({ call, fresh, used }) => `    ${call}: ${fresh} on a fresh instance, ${used} on one that was used`),
    '',
  ];
}

const number = (value: number): string => value.toLocaleString('en-US');

function exploredText({ explored, exhaustive }: StressResult): string[] {
  const { schedules, steps, preemptionBound, seconds, schedulesPerSecond, pct } = explored;
  const bound = exhaustive
    ? 'all schedules up to equivalence'
    : preemptionBound === null
      ? 'no bound was completed'
      : `all schedules with at most ${preemptionBound} preemption${preemptionBound === 1 ? '' : 's'}`;
  const lines = [
    `  Explored: ${bound}; ${number(schedules)} executions, ${number(steps)} steps, ${seconds.toFixed(2)} s (${number(schedulesPerSecond)}/s)`,
  ];
  if (pct !== null && pct.schedules > 0)
    lines.push(
      `  Random schedules: ${number(pct.schedules)}; a bug of depth ${pct.depth} in ${number(pct.steps)} steps was missed with a probability of at most ${pct.missProbability.toPrecision(2)}`,
    );
  return lines;
}

/** Names, the first few of many. */
function names(list: readonly string[], full: boolean): string {
  if (full || list.length <= MAX_NAMES) return list.join(', ');
  return `${list.slice(0, MAX_NAMES).join(', ')} and ${list.length - MAX_NAMES} more`;
}

function noteLines({ grain, imports, notes }: StressResult, full: boolean): string[] {
  const lines = grain.map((text) => `  Grain: ${text}`);
  if (imports.stubbed.length > 0) lines.push(`  Imports that only return zero: ${names(imports.stubbed, full)}`);
  if (imports.wasi.length > 0) lines.push(`  WASI without files, clock or randomness: ${names(imports.wasi, full)}`);
  return [...lines, ...notes.map((text) => `  Note: ${text}`)];
}
