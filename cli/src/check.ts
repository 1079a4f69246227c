/** `wasm-hazards check`: the analysis in a terminal and in CI. */
import { displayable } from '../../core/wasm/displayNames.ts';
import { type Checked, type CheckSettings, checkBinary, countFindings, unchecked } from './checked.ts';
import { CHECK_HELP, type CheckOptions, parseCheckOptions } from './checkOptions.ts';
import { hostFor } from './choices.ts';
import { Exit, type ExitCode, type Io } from './io.ts';
import { jsonHead, jsonModule, jsonTail } from './jsonReport.ts';
import { readInput } from './readInput.ts';
import type { Command } from './runCli.ts';
import { inputName, placeName } from './sourcePlace.ts';
import { textModule, textTotal } from './textReport.ts';

export const check: Command = {
  summary: 'report the concurrency hazards of modules',
  help: CHECK_HELP,
  async run(args, io) {
    const options = parseCheckOptions(args);
    const report = options.format === 'json' ? jsonReport(options, io) : textReport(options, io);
    let code: ExitCode = Exit.Clean;
    await report.begin();
    // One after the other: analysing two modules at once only doubles the memory.
    for (const file of options.files) {
      for (const checked of await checkFile(file, options, io)) {
        for (const line of troubleLines(checked)) io.err(line);
        await report.module(checked);
        if (checked.errors.length > 0) code = Exit.Trouble;
        else if (code === Exit.Clean && fails(checked, options)) code = Exit.Findings;
      }
    }
    await report.end();
    return code;
  },
};

/** A form of output. Each part resolves when the reader has taken it. */
interface Report {
  begin(): Promise<void>;
  module(checked: Checked): Promise<void>;
  end(): Promise<void>;
}

function jsonReport(options: CheckOptions, io: Io): Report {
  let first = true;
  return {
    async begin() {
      await io.out(jsonHead(options.host));
    },
    async module(checked) {
      for (const piece of jsonModule(checked, { first, withHost: options.host === 'auto' })) {
        if (!(await io.out(piece))) break;
      }
      first = false;
    },
    async end() {
      await io.out(jsonTail);
    },
  };
}

function textReport(options: CheckOptions, io: Io): Report {
  const totals = new Map<string, number>();
  let modules = 0;
  return {
    async begin() {},
    async module(checked) {
      // A script may hold no module at all; what could not be read has its line on standard error.
      if (checked.analysis === undefined && (checked.source === undefined || checked.errors.length > 0)) return;
      for (const [severity, count] of countFindings(checked)) totals.set(severity, (totals.get(severity) ?? 0) + count);
      const gap = modules++ > 0 ? '\n' : '';
      await io.out(gap + textModule(checked, { limit: options.limit, colour: io.colour, columns: io.columns }));
    },
    async end() {
      if (modules > 1) await io.out(textTotal(modules, totals, io.colour));
    },
  };
}

/** One module, or those of a script. */
async function checkFile(file: string, options: CheckOptions, io: Io): Promise<Checked[]> {
  const input = await readInput(file, io.stdin);
  const { host, reason } = await hostFor(options.host, file);
  const settings: CheckSettings = { host, hostReason: reason, model: options.model, overrides: options.overrides };
  try {
    if ('error' in input) return [unchecked(file, settings, [input.error])];
    if ('source' in input) {
      // The compiler takes a while to load, and binaries do not need it.
      const { checkSource } = await import('./checkSource.ts');
      return await checkSource(file, input.source, settings);
    }
    return [checkBinary(file, input.bytes, settings)];
  } catch (error) {
    // A defect of ours must not take the other files with it.
    const message = `internal error, please report it: ${error instanceof Error ? error.message : error}`;
    return [unchecked(file, settings, [{ offset: 0, message }])];
  }
}

/** Most errors of one module that are shown; the JSON form has all that the decoder kept. */
const MAX_ERROR_LINES = 1;

/** `bad.wasm: what is wrong (offset 0x1f)`, `bad.wat:3:7: what is wrong`. */
function troubleLines({ file, errors }: Checked): string[] {
  const more = errors.length > MAX_ERROR_LINES ? `and ${errors.length - MAX_ERROR_LINES} more` : '';
  return errors.slice(0, MAX_ERROR_LINES).map(({ offset, message, line, column }) => {
    const text = displayable(message, 400);
    if (line !== undefined && column !== undefined)
      return `${placeName(file, { line, column })}: ${text}${more && ` (${more})`}`;
    return `${inputName(file)}: ${text} (offset 0x${offset.toString(16)}${more && `, ${more}`})`;
  });
}

function fails(checked: Checked, { failOn }: CheckOptions): boolean {
  if (failOn === 'none') return false;
  const counts = countFindings(checked);
  return counts.has('error') || (failOn === 'warning' && counts.has('warning'));
}
