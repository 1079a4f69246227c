/** `--baseline` and `--write-baseline`: which findings of a run are new, and the file of those that are known. */
import { readFile, writeFile } from 'node:fs/promises';
import { displayable } from '../../../core/harmless/names.ts';
import type { FormatName } from '../../../core/report/formats.ts';
import type { Report } from '../../../core/report/report.ts';
import { NO_FILES, type ReportFiles } from '../../../core/report/reportFiles.ts';
import {
  type BaselineEntry,
  baselineText,
  countedFindings,
  entriesByIdentity,
  isInBaseline,
  isOfRuns,
  parseBaseline,
} from '../../../core/report/sarif/baseline.ts';
import { type FindingIdentity, numberedModule, type ReportFinding } from '../../../core/report/sarif/reportFinding.ts';
import { reportFindings } from '../../../core/report/sarif/reportFindings.ts';
import { SarifFiles } from '../../../core/report/sarif/spots.ts';
import { inputOfName } from '../../../core/report/sourcePlace.ts';
import { plural } from '../../../core/text/phrases.ts';
import { openReportFiles } from '../../../node/reportFiles.ts';
import { type Io, UsageError } from '../io.ts';
import type { FindingOptions } from './findingOptions.ts';

/** Most new findings that are named on standard error. */
const NAMED = 20;

/** What a command needs that lists findings one by one. */
export interface FindingContext {
  files: ReportFiles;
  /** Undefined without options about baselines. */
  baseline: BaselineRun | undefined;
}

/** To be opened before anything is run: a baseline that is none must not cost a run. @throws UsageError */
export async function openFindings({
  format,
  findings,
}: {
  format: FormatName;
  findings: FindingOptions;
}): Promise<FindingContext> {
  const isNeeded = format === 'sarif' || findings.baseline !== undefined || findings.writeBaseline !== undefined;
  const files = isNeeded ? await openReportFiles('.') : NO_FILES;
  return { files, baseline: await BaselineRun.open(findings, files) };
}

/** What a run compares with and writes. Reports are added as they are made. */
class BaselineRun {
  readonly #files: ReportFiles;
  readonly #options: FindingOptions;
  readonly #known: ReadonlyMap<string, BaselineEntry>;
  readonly #kept: readonly BaselineEntry[];
  readonly #found = new Map<string, BaselineEntry>();
  /** Modules that reports were about, and whether their findings are those of runs. */
  readonly #ran = new Set<string>();
  #new: FindingIdentity[] = [];
  #old = 0;

  private constructor(
    files: ReportFiles,
    options: FindingOptions,
    entries: { known: readonly BaselineEntry[]; kept: readonly BaselineEntry[] },
  ) {
    this.#files = files;
    this.#options = options;
    this.#known = entriesByIdentity(entries.known);
    this.#kept = entries.kept;
  }

  /** Undefined unless one of the options is given. @throws UsageError for a file that is no baseline */
  static async open(options: FindingOptions, files: ReportFiles): Promise<BaselineRun | undefined> {
    const { baseline, writeBaseline } = options;
    if (baseline === undefined && writeBaseline === undefined) return undefined;
    return new BaselineRun(files, options, {
      known: baseline === undefined ? [] : await read(baseline, true),
      kept: writeBaseline === undefined ? [] : await read(writeBaseline, false),
    });
  }

  /** Takes the findings of a report, and returns the number of those that count and are new; none where all become known. */
  add(report: Report, counts: (found: ReportFinding) => boolean = () => true): number {
    const files = new SarifFiles(this.#files);
    const all = [...reportFindings(report, files)];
    const found = countedFindings(all.map(({ identity }) => identity));
    for (const [key, entry] of found) this.#found.set(key, entry);
    this.#ran.add(familyOfReport(report, files));
    const counting = all.filter(counts);
    if (this.#options.baseline === undefined) return 0;
    const fresh = counting.filter(({ identity }) => !isInBaseline(identity, found, this.#known));
    this.#new.push(...fresh.map(({ identity }) => identity));
    this.#old += counting.length - fresh.length;
    return fresh.length;
  }

  /** Whether a finding of a report that was added is in the baseline; undefined where there is none to compare with. */
  get isKnown(): ((identity: FindingIdentity) => boolean) | undefined {
    if (this.#options.baseline === undefined) return undefined;
    return (identity) => isInBaseline(identity, this.#found, this.#known);
  }

  /** Tells what is new, and writes the file. `complete`: whether all inputs could be read. @throws UsageError */
  async end(complete: boolean, io: Io): Promise<void> {
    const { baseline, writeBaseline } = this.#options;
    if (baseline !== undefined) {
      io.err(
        `wasm-hazards: baseline ${displayable(baseline, 400)}: ${plural(this.#old, 'known finding')}, ${this.#new.length} new`,
      );
      for (const { module, rule, subject, cell } of this.#new.slice(0, NAMED))
        io.err(`  new: ${displayable([module, rule, subject, cell].filter((part) => part !== '').join(': '), 400)}`);
      if (this.#new.length > NAMED) io.err(`  and ${this.#new.length - NAMED} more`);
    }
    if (writeBaseline === undefined) return;
    const name = displayable(writeBaseline, 400);
    if (!complete) {
      io.err(`wasm-hazards: ${name} was not written: not every input could be read`);
      return;
    }
    const others = this.#kept.filter((entry) => !this.#ran.has(familyOf(entry)));
    try {
      await writeFile(writeBaseline, baselineText([...others, ...this.#found.values()]));
    } catch (error) {
      throw new UsageError(`--write-baseline ${name}: ${(error as Error).message}`);
    }
    const count = [...this.#found.values()].reduce((sum, entry) => sum + entry.count, 0);
    io.err(`wasm-hazards: wrote ${plural(count, 'finding')} to ${name}`);
  }
}

/** As `familyOf`, of the findings of a report. */
function familyOfReport(report: Report, files: SarifFiles): string {
  if (report.command === 'wrap') return '';
  if (report.command !== 'check') return familyText(files.pathOf(inputOfName(report.module)), true);
  const { file, source } = report.checked;
  return familyText(numberedModule(files.pathOf(file), source?.module), false);
}

/** The module of an entry, and whether it is about runs. */
const familyOf = ({ module, rule }: BaselineEntry): string => familyText(module, isOfRuns(rule));

const familyText = (module: string, ran: boolean): string => JSON.stringify([module, ran]);

/** The entries of a file; none of one that is not there, unless it has to be. */
async function read(path: string, required: boolean): Promise<readonly BaselineEntry[]> {
  const name = displayable(path, 400);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UsageError(`baseline ${name}: ${(error as Error).message}`);
  }
  const parsed = parseBaseline(text);
  if ('problem' in parsed) throw new UsageError(`baseline ${name} ${parsed.problem}`);
  return parsed;
}
