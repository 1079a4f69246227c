/** All figures of the baseline, and how each is measured. */
import { ensureCorpus } from '../../corpus/fetch.ts';
import { analysisRatio, LEAST_BYTES } from '../analysis.ts';
import { growthFigures } from '../growth/growth.ts';
import { JOBS_NAME, jobsFigure } from '../jobs.ts';
import { inOwnProcess } from '../ownProcess.ts';
import { SHARING_CASES } from '../sharing.ts';
import { DETECTION_CASES } from '../stress/detection.ts';
import { SPEED_CASES } from '../stress/speed.ts';
import { WAT_SIZES, watName } from '../wat.ts';
import type { Measurement } from './settle.ts';

/** The measurements of which a figure is wanted. `log` is told about builds. */
export async function measurements(
  wanted: (figure: string) => boolean,
  log: (line: string) => void,
): Promise<Measurement[]> {
  const modules = (await ensureCorpus(({ bytes }) => bytes >= LEAST_BYTES)).sort((a, b) => a.bytes - b.bytes);
  const all: Measurement[] = [
    ...modules.map((module): Measurement => {
      const { name } = module;
      return { area: 'analysis', names: [name], measure: async () => ({ [name]: await analysisRatio(module) }) };
    }),
    ...WAT_SIZES.map((lines): Measurement => {
      const measure = async (): Promise<Record<string, number>> => {
        const row = await inOwnProcess('editing', lines);
        return { [watName(lines)]: row.ratio };
      };
      return { area: 'editing', names: [watName(lines)], measure };
    }),
    ...SPEED_CASES.map((name): Measurement => {
      const measure = async (): Promise<Record<string, number>> => {
        const { switches } = await inOwnProcess('speed', name);
        return { [name]: switches };
      };
      return { area: 'schedule', names: [name], measure };
    }),
    ...DETECTION_CASES.map((name): Measurement => {
      const measure = async (): Promise<Record<string, number>> => {
        const { plain, instrumented } = await inOwnProcess('detection', name);
        return { [name]: instrumented / plain };
      };
      return { area: 'detection', names: [name], measure };
    }),
    { area: 'sharing', names: SHARING_CASES, measure: () => inOwnProcess('sharing', null) },
    { area: 'jobs', names: [JOBS_NAME], measure: () => jobsFigure(log) },
    ...growthFigures(),
  ];
  return all.filter(({ area, names }) => names.some((name) => wanted(`${area}: ${name}`)));
}
