/** What the whole analysis of a generated module costs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { Problem } from '../../failure.ts';
import { baselineMemory } from '../analysis.ts';
import { measure } from '../measure.ts';

const SECONDS = 300;

/** Runs for each module: the small ones need many until their code is as optimised as that of the large ones. */
const runsOf = (bytes: number): number => Math.max(4, Math.min(30, Math.round(12e6 / bytes)));

let nothing: Promise<number> | undefined;

/** Processor time in milliseconds, the least of many runs in one process, and its memory in bytes. */
export async function analysisCost(text: string): Promise<{ cost: number; memory: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'wasm-hazards-growth-'));
  try {
    const bytes = await parse(text);
    const file = join(directory, 'module.wasm');
    await writeFile(file, bytes);
    const outcome = await measure(file, ['ours'], { runs: runsOf(bytes.length), seconds: SECONDS });
    if ('failed' in outcome) throw new Problem(`the analysis of a generated module of ${bytes.length} bytes fails`);
    nothing ??= baselineMemory();
    const { processor, peak } = outcome.measured;
    // A page less than nothing is noise; curves need positive numbers.
    return { cost: Math.min(...processor.ours), memory: Math.max(peak - (await nothing), 1e5) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
