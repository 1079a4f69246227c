/**
 * The file with the figures that later versions are compared with, `scripts/bench/baseline/baseline.json`. All are
 * ratios, so that they mean about the same on another machine, and costs: less is better.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../failure.ts';

/** What figures are about, and what each is a ratio of. */
const AREAS = {
  analysis: 'the whole analysis of a module, processor time in times of V8’s validator',
  editing: 'from an edit to its diagnostics, processor time in times of wasm-tools',
  schedule: 'one schedule, processor time in bare switches between callers',
  detection: 'an instrumented call, in times of the plain one',
  sharing: 'a call on shared state in the hammer, in times of the plain one',
  jobs: 'a plan with two jobs, in times of one job, divided by the same ratio of two idle loops',
  growth: 'what twice as much costs, in times of once; 2 is linear',
} as const;
/** One of `AREAS`. */
export type Area = keyof typeof AREAS;

/** Figures by area and name. */
export type Figures = Readonly<Partial<Record<Area, Readonly<Record<string, number>>>>>;

/** The contents of the file. */
export interface Baseline {
  /** The machine and the versions with which it was measured, for people. */
  measuredWith: string;
  figures: Figures;
}

/** The figures of both; those of the second count where both have one. */
export const merged = (one: Figures, other: Figures): Figures =>
  Object.fromEntries(
    (Object.keys(AREAS) as Area[])
      .map((area) => [area, { ...one[area], ...other[area] }] as const)
      .filter(([, names]) => Object.keys(names).length > 0),
  );

/** The figures that are wanted. */
export const wantedFigures = (figures: Figures, wanted: (figure: string) => boolean): Figures =>
  Object.fromEntries(
    Object.entries(figures).map(([area, names]) => [
      area,
      Object.fromEntries(Object.entries(names).filter(([name]) => wanted(`${area}: ${name}`))),
    ]),
  );

/** What the areas are, as a Markdown list. */
export const areaList = (): string =>
  Object.entries(AREAS)
    .map(([area, about]) => `- _${area}_: ${about}`)
    .join('\n');

/** A figure with as many digits as can be told apart. */
export const figureText = (n: number | undefined): string =>
  n === undefined ? '' : n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2);

const FORMAT = 1;
const FILE = join(import.meta.dirname, 'baseline.json');

/** The baseline; undefined if there is none yet. @throws Problem if it cannot be read */
export const readBaseline = (): Baseline | undefined =>
  existsSync(FILE) ? parseBenchBaseline(readFileSync(FILE, 'utf8')) : undefined;

/** Replaces the baseline. */
export const writeBaseline = (baseline: Baseline): void => writeFileSync(FILE, benchBaselineText(baseline));

/** The text of the file: figures with three digits, in the order of areas and names, so that changes are easy to read. */
export function benchBaselineText({ measuredWith, figures }: Baseline): string {
  const areas = (Object.keys(AREAS) as Area[]).flatMap((area) => {
    const names = Object.entries(figures[area] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return names.length === 0 ? [] : [[area, Object.fromEntries(names.map(([name, n]) => [name, rounded(n)]))]];
  });
  return `${JSON.stringify({ format: FORMAT, measuredWith, figures: Object.fromEntries(areas) }, undefined, 2)}\n`;
}

const rounded = (n: number): number => Number(n.toPrecision(3));

/** @throws Problem that says where the text is not a baseline */
export function parseBenchBaseline(text: string): Baseline {
  const wrong = (why: string): Problem =>
    new Problem(`the baseline of the benchmarks ${why}; npm run bench -- --write-baseline makes it anew`);
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    throw wrong(`is not JSON (${(error as SyntaxError).message})`);
  }
  if (!isRecord(root)) throw wrong('is not an object');
  if (root.format !== FORMAT) throw wrong(`has the format ${JSON.stringify(root.format)} instead of ${FORMAT}`);
  if (typeof root.measuredWith !== 'string') throw wrong('does not say with what it was measured');
  if (!isRecord(root.figures)) throw wrong('has no figures');
  for (const [area, names] of Object.entries(root.figures)) {
    if (!Object.hasOwn(AREAS, area)) throw wrong(`has an unknown area, ${JSON.stringify(area)}`);
    if (!isRecord(names)) throw wrong(`has no figures in ${area}`);
    for (const [name, n] of Object.entries(names))
      if (typeof n !== 'number' || !(n > 0)) throw wrong(`has no positive number at ${area}, ${JSON.stringify(name)}`);
  }
  return { measuredWith: root.measuredWith, figures: root.figures as Figures };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
