/** What grows, and what each size of it costs. */

import { inOwnProcess } from '../ownProcess.ts';
import type { Rates } from '../stress/exploring.ts';
import { ACCESS_SHAPES, type AccessShape } from '../stress/speed.ts';
import { analysisCost } from './analysisCost.ts';
import { EXPORT_SHAPES, type ExportShape, manyExportsText } from './exportsText.ts';
import { growthText, SHAPES, type Shape } from './sizeText.ts';

/** What one size costs. */
export interface SizeCost {
  /** Processor time, in the unit of the family; the least of many runs. */
  cost: number;
  /** Peak memory beyond that of a process that does nothing, in bytes. */
  memory?: number;
  /** What else a reader wants to know, by its name. */
  shown?: Readonly<Record<string, string>>;
}

/** Curves that grow with the same thing. */
export interface GrowthFamily {
  id: string;
  /** What grows: `functions`, `exports`, ... */
  what: string;
  /** The unit of costs. */
  unit: string;
  sizes: readonly number[];
  /** The sizes between which the baseline knows what twice as much costs. */
  checked: readonly [number, number];
  /** Greatest exponent of the time that passes; it is not judged where there is none. */
  most?: number;
  curves: readonly { name: string; measure(size: number): Promise<SizeCost> }[];
}

/** Greatest exponent of the time as a power of the size that passes for linear on a busy machine. */
const LINEAR = 1.25;

const count = (n: number): string => Math.round(n).toLocaleString('en-US');

const ofRates = ({ schedules, switches }: Rates): SizeCost => ({
  cost: switches,
  shown: { 'schedules/s': count(schedules) },
});

/** All of them. */
export const FAMILIES: readonly GrowthFamily[] = [
  {
    ...{ id: 'size', what: 'functions', unit: 'ms', most: LINEAR },
    sizes: [2_000, 4_000, 8_000, 16_000, 32_000],
    checked: [4_000, 16_000],
    curves: (Object.keys(SHAPES) as Shape[]).map((shape) => ({
      name: SHAPES[shape],
      measure: (size) => analysisCost(growthText(shape, size)),
    })),
  },
  {
    ...{ id: 'exports', what: 'exports', unit: 'ms', most: LINEAR },
    sizes: [10, 100, 1_000, 10_000, 100_000],
    checked: [1_000, 10_000],
    curves: (Object.keys(EXPORT_SHAPES) as ExportShape[]).map((shape) => ({
      name: EXPORT_SHAPES[shape],
      measure: (size) => analysisCost(manyExportsText(shape, size)),
    })),
  },
  {
    ...{ id: 'plan', what: 'exports of a plan', unit: 'ms' },
    sizes: [1, 2, 4, 8, 16],
    checked: [4, 8],
    curves: [
      {
        name: 'all conflict with all',
        measure: async (size) => {
          const { milliseconds, scenarios, executions } = await inOwnProcess('plan', size);
          return { cost: milliseconds, shown: { scenarios: count(scenarios), executions: count(executions) } };
        },
      },
    ],
  },
  {
    ...{ id: 'callers', what: 'callers', unit: 'bare switches a schedule' },
    sizes: [2, 3, 4, 6, 8, 12, 16],
    checked: [2, 8],
    curves: [{ name: 'callers of a counter', measure: async (size) => ofRates(await inOwnProcess('callers', size)) }],
  },
  {
    ...{ id: 'accesses', what: 'accesses of each of two callers', unit: 'bare switches a schedule' },
    sizes: [2, 10, 40, 100, 400, 1_600],
    checked: [100, 1_600],
    curves: (Object.keys(ACCESS_SHAPES) as AccessShape[]).map((shape) => ({
      name: ACCESS_SHAPES[shape],
      measure: async (accesses) => ofRates(await inOwnProcess('accesses', { shape, accesses })),
    })),
  },
];
