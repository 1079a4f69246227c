/** Runs a job about a binary whose result comes in parts, if the binary is large, and puts the parts together. */
import { unpackAnalysis } from '../../../../core/analysis/transfer.ts';
import { useDigest } from '../../../../core/analysis/verdict/digest.ts';
import type { Module } from '../../../../core/wasm/module.ts';
import type { AnalysisRunner, JobOutcome } from '../../threads/analysisRunner.ts';
import type {
  AnalysedBinary,
  BinaryJob,
  BinaryPart,
  DigestedAnalysis,
  PrintedBinary,
  PrintedText,
} from '../../threads/jobs.ts';
import { unpackModule } from '../../threads/moduleTransfer.ts';
import type { AnalysisRun } from '../liveDocument.ts';
import type { Analysed } from './analysisCache.ts';

/** What was found, without the options that the text was printed with. */
export type Unpacked = Omit<Analysed, 'printedFor'>;

/** How a job ended; `printed` and `module` may have come as parts. */
export type Finished =
  | { kind: 'done'; result: PrintedBinary | AnalysedBinary; printed: PrintedText; module: Module | undefined }
  | Exclude<JobOutcome<never>, { kind: 'done' }>;

/** Who receives parts: the text, then what is known before pointers are followed. */
interface Receiver {
  run: AnalysisRun;
  onPrinted(text: string): void;
  onFirst(first: Unpacked): void;
}

/** Runs a job and reports its parts, unless the run is superseded. Rejects on defects only. */
export async function runInParts(
  job: BinaryJob,
  runner: AnalysisRunner,
  { run, onPrinted, onFirst }: Receiver,
): Promise<Finished> {
  let text: Extract<BinaryPart, { kind: 'printed' }> | undefined;
  let module: Module | undefined;
  const running = runner.run(job, run.onProgress, (part) => {
    if (part.kind === 'printed') {
      text = part;
      if (run.isCurrent()) onPrinted(part.printed.text);
    } else if (text !== undefined && run.isCurrent()) {
      module = unpackModule(part.module);
      const { printed, prefer } = text;
      onFirst({ module, analysis: unpacked(module, part), printed, prefer, milliseconds: part.milliseconds });
    }
  });
  run.onJob(running);
  const outcome = await running.outcome;
  if (outcome.kind !== 'done') return outcome;
  const { result } = outcome;
  const printed = result.printed === 'sent' ? text?.printed : result.printed;
  if (printed === undefined) throw new Error(`the text of ${job.name} was not sent`);
  return { kind: 'done', result, printed, module };
}

/** What a job about a binary that was not `textOnly` has found. */
export function unpackedFrom({ result, printed, module: sent }: Extract<Finished, { kind: 'done' }>): Unpacked {
  const found = result as AnalysedBinary;
  const module = found.module === 'sent' ? sent : unpackModule(found.module);
  if (module === undefined) throw new Error('the module was not sent');
  return {
    module,
    analysis: unpacked(module, found),
    printed,
    prefer: found.prefer,
    milliseconds: found.milliseconds,
  };
}

function unpacked(module: Module, { analysis: packed, digest }: DigestedAnalysis): Analysed['analysis'] {
  const analysis = unpackAnalysis(packed, module.exports);
  useDigest(module, analysis, digest);
  return analysis;
}
