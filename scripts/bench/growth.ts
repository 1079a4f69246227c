/** How the time of the whole analysis grows with the size of a module, for generated modules. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { Problem } from '../failure.ts';
import { growthText, SHAPES, type Shape } from './growthText.ts';
import { measure } from './measure.ts';
import { markdown } from './table.ts';

/** Numbers of functions. */
const COUNTS = [2_000, 4_000, 8_000, 16_000, 32_000];
/** Runs for each module: the small ones need many until their code is as optimised as that of the large ones. */
const runsOf = (bytes: number): number => Math.max(5, Math.min(30, Math.round(12e6 / bytes)));
const SECONDS = 300;

/** Greatest exponent of the time as a power of the size that passes for linear on a busy machine. */
export const MOST_EXPONENT = 1.25;

/** Measurements of one shape, from the smallest module to the largest. */
export interface GrowthRow {
  shape: Shape;
  /** Size in bytes, processor time of the whole analysis in milliseconds, peak memory of the process in bytes. */
  points: { bytes: number; milliseconds: number; peak: number }[];
}

/** Measures all shapes. `log` is told what is being measured. */
export async function growthRows(log: (line: string) => void): Promise<GrowthRow[]> {
  const directory = await mkdtemp(join(tmpdir(), 'wasm-hazards-growth-'));
  try {
    const rows: GrowthRow[] = [];
    for (const shape of Object.keys(SHAPES) as Shape[]) {
      const row: GrowthRow = { shape, points: [] };
      for (const count of COUNTS) {
        log(`${count} functions, ${shape} ...`);
        const bytes = await parse(growthText(shape, count));
        const file = join(directory, `${shape}${count}.wasm`);
        await writeFile(file, bytes);
        const outcome = await measure(file, ['ours'], { runs: runsOf(bytes.length), seconds: SECONDS });
        if ('failed' in outcome) throw new Problem(`the analysis of ${count} functions (${shape}) fails`);
        const { processor, peak } = outcome.measured;
        row.points.push({ bytes: bytes.length, milliseconds: Math.min(...processor), peak });
      }
      rows.push(row);
    }
    return rows;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Exponent of the time as a power of the size: the slope of the line through the points on logarithmic scales with the
 * least squares.
 */
export function exponentOf({ points }: GrowthRow): number {
  const x = points.map(({ bytes }) => Math.log(bytes));
  const y = points.map(({ milliseconds }) => Math.log(milliseconds));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  return covariance / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}

/** The report as Markdown. */
export function growthReport(rows: readonly GrowthRow[]): string {
  const sizes = rows[0].points.map(({ bytes }) => `${(bytes / 1e6).toFixed(1)} MB, ms`);
  return [
    markdown([
      ['calls', ...sizes, 'ns/byte, smallest', 'ns/byte, largest', 'memory, largest, MB', 'exponent'],
      ...rows.map((row) => {
        const [first, last] = [row.points[0], row.points[row.points.length - 1]];
        const cost = (point: typeof first): string => ((point.milliseconds * 1e6) / point.bytes).toFixed(0);
        return [
          SHAPES[row.shape],
          ...row.points.map(({ milliseconds }) => milliseconds.toFixed(milliseconds < 10 ? 1 : 0)),
          ...[cost(first), cost(last), (last.peak / 1e6).toFixed(0), exponentOf(row).toFixed(2)],
        ];
      }),
    ]),
    '',
    `Processor time, the least of many runs in a process for each module; memory is the peak of that process.`,
  ].join('\n');
}
