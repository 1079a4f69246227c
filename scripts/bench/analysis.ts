/** The whole analysis of a module, compared with V8's validator and with other readers, in processes of their own. */
import type { CorpusModule } from '../corpus/fetch.ts';
import { Problem } from '../failure.ts';
import type { ContenderMeasurement } from './child.ts';
import type { ContenderId, Stages } from './contenders.ts';
import { measure, measureObjdump, median } from './measure.ts';
import type { Row, Time } from './table.ts';

/** Runs of our analysis and of V8's validator, which alternate. */
export const ANALYSIS_RUNS = 7;
/** Time limit for all runs of one contender on one module; some would take minutes. */
export const LIMIT_SECONDS = 60;
/** Modules of the corpus that are smaller are not measured. */
export const LEAST_BYTES = 1e6;

/** Other readers. */
export type OtherId = Exclude<ContenderId, 'ours' | 'v8'> | 'objdump';

/** Peak memory of a process that has loaded all code and analysed a module of eight bytes. */
export async function baselineMemory(): Promise<number> {
  const outcome = await measure('-', ['ours'], { runs: 1, seconds: LIMIT_SECONDS });
  if ('failed' in outcome) throw new Problem('our own analysis fails on an empty module');
  return outcome.measured.peak;
}

async function againstV8(module: CorpusModule): Promise<ContenderMeasurement> {
  const pair = await measure(module.path, ['ours', 'v8'], { runs: ANALYSIS_RUNS, seconds: 4 * LIMIT_SECONDS });
  if ('failed' in pair) throw new Problem(`our own analysis fails on ${module.name}`);
  return pair.measured;
}

/** Processor time of all threads: our least in times of V8's. Other programs disturb it less than the clock. */
const ratioOf = ({ processor }: ContenderMeasurement): number =>
  Math.min(...processor.ours) / Math.min(...processor.v8);

/** The figure of a module in the baseline. */
export const analysisRatio = async (module: CorpusModule): Promise<number> => ratioOf(await againstV8(module));

/** All that is measured of a module; `baseline` is that of its memory. */
export async function analysisRow(
  module: CorpusModule,
  baseline: number,
  against: readonly OtherId[],
  objdump = '',
): Promise<Row> {
  const pair = await againstV8(module);
  const once = await measure(module.path, ['ours'], { runs: 1, seconds: LIMIT_SECONDS });
  if ('failed' in once) throw new Problem(`our own analysis fails on ${module.name}`);
  const others: Record<string, Time> = {};
  for (const id of against) {
    others[id] =
      id === 'objdump' ? await measureObjdump(objdump, module.path, LIMIT_SECONDS) : await timeOf(module, id);
  }
  return {
    module,
    cold: once.measured.times.ours[0],
    ours: median(pair.times.ours),
    v8: median(pair.times.v8),
    ratio: ratioOf(pair),
    stages: medianStages(pair.stages),
    memory: once.measured.peak - baseline,
    others,
  };
}

/** Two runs if there is time for them: the second one is warm, as ours are. */
async function timeOf(module: CorpusModule, id: ContenderId): Promise<Time> {
  const first = await measure(module.path, [id], { runs: 1, seconds: LIMIT_SECONDS });
  if ('failed' in first) return first.failed;
  const cold = first.measured.times[id][0];
  if (cold > 5000) return cold;
  const second = await measure(module.path, [id], { runs: 3, seconds: LIMIT_SECONDS });
  return 'failed' in second ? cold : median(second.measured.times[id]);
}

const medianStages = (stages: readonly Stages[]): Stages =>
  Object.fromEntries(Object.keys(stages[0]).map((stage) => [stage, median(stages.map((run) => run[stage]))]));
