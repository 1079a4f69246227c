/** Options about findings one by one: baselines, and texts that logs point into. */
import type { FormatName } from '../../../core/report/formats.ts';
import { UsageError } from '../io.ts';

/** What they say. */
export interface FindingOptions {
  /** Path of a file with known findings, and of the one to write. */
  baseline: string | undefined;
  writeBaseline: string | undefined;
  /** Write a text of each binary beside it, for findings to point into. */
  sarifText: boolean;
}

/** `--baseline`, `--write-baseline` and `--sarif-text` as `parseArgs` describes options. */
export const FINDING_OPTIONS = {
  baseline: { type: 'string' },
  'write-baseline': { type: 'string' },
  'sarif-text': { type: 'boolean', default: false },
} as const;

/** @throws UsageError */
export function findingOptions(
  command: string,
  format: FormatName,
  values: { baseline?: string; 'write-baseline'?: string; 'sarif-text': boolean },
): FindingOptions {
  const { baseline, 'write-baseline': writeBaseline, 'sarif-text': sarifText } = values;
  if (sarifText && format !== 'sarif') throw new UsageError(`${command}: --sarif-text needs --format sarif`);
  return { baseline, writeBaseline, sarifText };
}

/** Their lines in the help of every command with findings. */
export const FINDING_HELP = `      --baseline FILE     known findings: only those that FILE does not have make the command fail
      --write-baseline FILE
                          write the findings of this run to FILE; entries about other modules stay
      --sarif-text        with --format sarif: write the text of each binary beside it (module.wasm.wat) and
                          point into that, where no source is known`;
