/** The growth curves: measured, judged, and as a report. */
import { type Figures, figureText } from '../baseline/baselineFile.ts';
import type { Measurement } from '../baseline/settle.ts';
import { markdown } from '../table.ts';
import { BEND, bendOf, doublingCost, exponentOf, localExponents, type Point } from './curve.ts';
import { FAMILIES, type GrowthFamily, type SizeCost } from './families.ts';

/** A curve with its measurements, one for each size of its family. */
export interface GrowthCurve {
  family: GrowthFamily;
  name: string;
  measured: readonly SizeCost[];
}

/** Measures the curves whose names are wanted. `log` is told what is being measured. */
export async function growthCurves(
  wanted: (figure: string) => boolean,
  log: (line: string) => void,
): Promise<GrowthCurve[]> {
  const curves: GrowthCurve[] = [];
  for (const family of FAMILIES)
    for (const { name, measure } of family.curves) {
      if (!wanted(figureName(family, name))) continue;
      const measured: SizeCost[] = [];
      for (const size of family.sizes) {
        log(`${name}, ${size.toLocaleString('en-US')} ${family.what} ...`);
        measured.push(await measure(size));
      }
      curves.push({ family, name, measured });
    }
  return curves;
}

const costs = ({ family, measured }: GrowthCurve): Point[] =>
  measured.map(({ cost }, i) => ({ x: family.sizes[i], y: cost }));

/** Why the growth of a cost fails, a line each. */
export const growthFaults = (curves: readonly GrowthCurve[]): string[] =>
  curves.flatMap((curve) => {
    const { family, name } = curve;
    const exponent = exponentOf(costs(curve));
    return family.most !== undefined && exponent > family.most
      ? [`${name}: the cost grows with the exponent ${exponent.toFixed(2)} of the ${family.what}`]
      : [];
  });

const figureName = (family: GrowthFamily, name: string): string => `${family.what}: ${name}`;

/** What the baseline has of the curves: each is measured at two sizes. */
export const growthFigures = (): Measurement[] =>
  FAMILIES.flatMap((family) =>
    family.curves.map(({ name, measure }): Measurement => {
      const figure = figureName(family, name);
      const point = async (x: number): Promise<Point> => ({ x, y: (await measure(x)).cost });
      return {
        ...{ area: 'growth', names: [figure] },
        measure: async () => ({
          [figure]: doublingCost(await point(family.checked[0]), await point(family.checked[1])),
        }),
      };
    }),
  );

/** The report as Markdown, with the figures of the baseline beside. */
export function growthReport(curves: readonly GrowthCurve[], old: Figures): string {
  const families = new Set(curves.map(({ family }) => family));
  const tables = [...families].map((family) =>
    familyTable(
      family,
      curves.filter((one) => one.family === family),
      old,
    ),
  );
  return [
    ...tables,
    `In brackets: the exponent from the size before, 0 for a constant cost, 1 for a linear one. A curve bends where this exceeds the one before by more than ${BEND}; the first bend counts. Costs are processor time, the least of many runs; memory is the peak of the process beyond that of one that analyses nothing. A bare switch is WebAssembly that the engine suspends and resumes, without anything of ours.`,
  ].join('\n\n');
}

function familyTable(family: GrowthFamily, curves: readonly GrowthCurve[], old: Figures): string {
  const [from, to] = family.checked;
  const head = [
    ...[family.what, ...family.sizes.map((size) => size.toLocaleString('en-US')), 'exponent', 'bends at'],
    ...[`twice as much, ${from.toLocaleString('en-US')} to ${to.toLocaleString('en-US')}`, 'baseline'],
  ];
  const rows = curves.flatMap((curve) => {
    const { name, measured } = curve;
    const points = costs(curve);
    const at = (x: number): Point => points[family.sizes.indexOf(x)];
    const shown = Object.keys(measured[0].shown ?? {});
    const memory = measured.flatMap((one, i) =>
      one.memory === undefined ? [] : [{ x: family.sizes[i], y: one.memory / 1e6 }],
    );
    return [
      [
        ...[`${name}, ${family.unit}`, ...pointCells(points)],
        ...[figureText(doublingCost(at(from), at(to))), figureText(old.growth?.[figureName(family, name)])],
      ],
      ...(memory.length > 0 ? [[`${name}, memory in MB`, ...pointCells(memory), '', '']] : []),
      ...shown.map((title) => [
        ...[`${name}, ${title}`, ...measured.map((one) => one.shown?.[title] ?? '')],
        ...['', '', '', ''],
      ]),
    ];
  });
  return markdown([head, ...rows]);
}

/** A cell for each size, the exponent of all, and where the curve bends. */
function pointCells(points: readonly Point[]): string[] {
  const local = localExponents(points);
  const bend = bendOf(points);
  return [
    ...points.map(({ y }, i) => `${figureText(y)}${i === 0 ? '' : ` (${local[i - 1].toFixed(1)})`}`),
    exponentOf(points).toFixed(2),
    bend === undefined
      ? ''
      : `${bend.x.toLocaleString('en-US')}: ${bend.before.toFixed(1)}, then ${bend.after.toFixed(1)}`,
  ];
}
