/** What became of the figures of a baseline. */
import { markdown } from '../table.ts';
import { type Area, type Figures, figureText, merged } from './baselineFile.ts';

/** A regression is a figure that exceeds the baseline's by more than this share of it. */
const TOLERANCE = 0.2;

/** A figure of the baseline, of a measurement, or of both. */
export interface FigureChange {
  area: Area;
  name: string;
  /** In the baseline; undefined for a new figure. */
  old: number | undefined;
  /** SizeCost; undefined for a figure that is not measured any more. */
  now: number | undefined;
}

/** All figures of either side, area by area. */
export const compare = (old: Figures, now: Figures): FigureChange[] =>
  Object.entries(merged(old, now)).flatMap(([key, names]) => {
    const area = key as Area;
    return Object.keys(names).map((name) => ({ area, name, old: old[area]?.[name], now: now[area]?.[name] }));
  });

/** Whether a figure is worse than the baseline allows. */
export const isRegression = ({ old, now }: Pick<FigureChange, 'old' | 'now'>): boolean =>
  old !== undefined && now !== undefined && now > old * (1 + TOLERANCE);

/** `+12 %`, `-3 %`; `new` or `not measured` where one side is missing. */
export function changeText({ old, now }: Pick<FigureChange, 'old' | 'now'>): string {
  if (old === undefined) return 'new';
  if (now === undefined) return 'not measured';
  const percent = Math.round((now / old - 1) * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}

/** The figures as a Markdown table. */
export const comparisonTable = (comparisons: readonly FigureChange[]): string =>
  markdown([
    ['figure', 'baseline', 'now', 'change'],
    ...comparisons.map((one) => [
      `${one.area}: ${one.name}`,
      ...[figureText(one.old), figureText(one.now), changeText(one)],
    ]),
  ]);

/** Why a check fails, a line each; none if it does not. */
export const comparisonFaults = (comparisons: readonly FigureChange[]): string[] =>
  comparisons.flatMap((one) => {
    const { area, name, old, now } = one;
    if (isRegression(one))
      return [`${area}: ${name} costs ${figureText(now)} instead of ${figureText(old)} (${changeText(one)})`];
    if (old !== undefined && now === undefined)
      return [`${area}: ${name} is in the baseline and is not measured any more`];
    return [];
  });

/** What else the reader should know: figures that the baseline lacks, or that have become much better. */
export const comparisonNotes = (comparisons: readonly FigureChange[]): string[] =>
  comparisons.flatMap(({ area, name, old, now }) => {
    if (now === undefined) return [];
    if (old === undefined) return [`${area}: ${name} is not in the baseline`];
    // The same distance on the other side: a later regression to where it was would pass.
    return isRegression({ old: now, now: old }) ? [`${area}: ${name} is much better than the baseline`] : [];
  });
