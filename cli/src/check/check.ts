/** `wasm-hazards check`: the analysis in a terminal and in CI. */

import { analyse } from '../../../core/analysis/analyse.ts';
import type { Severity } from '../../../core/analysis/rules/rule.ts';
import { displayable } from '../../../core/harmless/names.ts';
import {
  type CheckedModule,
  type CheckSettings,
  checkModule,
  countFindings,
  SEVERITY_RANK,
  unchecked,
} from '../../../core/report/checkedModule.ts';
import type { CheckReport } from '../../../core/report/report.ts';
import { inputName, placeName } from '../../../core/report/sourcePlace.ts';
import { addressOf } from '../../../core/source/coreModules.ts';
import { decodeComponent, isComponent } from '../../../core/wasm/component/decodeComponent.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { hex } from '../../../core/wasm/printer/numbers.ts';
import { validated } from '../../../core/wasm/validate.ts';
import { withNamesOnDisk } from '../../../node/namesBeside.ts';
import type { CliCommand } from '../command.ts';
import { openFindings } from '../findings/baselineRun.ts';
import { withWrittenText } from '../findings/writtenText.ts';
import { readInput } from '../input/readInput.ts';
import { speakOfSource } from '../input/speakOfSource.ts';
import { Exit, type ExitCode, type Io } from '../io.ts';
import { hostFor } from '../options.ts';
import { writeReports } from '../writeReports.ts';
import { CHECK_HELP, type CheckOptions, parseCheckOptions } from './checkOptions.ts';

/** Checks all files, even after one that cannot be read. Trouble takes precedence over findings in the exit code. */
export const CHECK: CliCommand = {
  summary: 'report the concurrency hazards of modules',
  help: CHECK_HELP,
  async run(args, io) {
    const options = parseCheckOptions(args);
    const { files, baseline } = await openFindings(options);
    let code = Exit.Clean as ExitCode;
    async function* reports(): AsyncGenerator<CheckReport> {
      // One after the other: analysing two modules at once only doubles the memory.
      for (const file of options.files) {
        for (const one of await checkFile(file, options, io)) {
          const checked = options.findings.sarifText ? await withWrittenText(one) : one;
          const report: CheckReport = { command: 'check', checked };
          for (const line of troubleLines(checked)) io.err(line);
          const counting = baseline?.add(report, ({ severity }) => counts(severity, options));
          if (checked.errors.length > 0) code = Exit.Trouble;
          else if (code === Exit.Clean && (counting === undefined ? fails(checked, options) : counting > 0))
            code = Exit.Findings;
          yield report;
        }
      }
    }
    const shown = { ...options, files, isKnown: baseline?.isKnown };
    await writeReports(reports(), { command: 'check', host: options.host }, shown, io);
    await baseline?.end(code !== Exit.Trouble, io);
    return code;
  },
};

/** One module, or those of a script or a component. Never throws on bad input: that is among the errors. */
export async function checkFile(file: string, options: CheckOptions, io: Io): Promise<CheckedModule[]> {
  const input = await readInput(file, io.stdin);
  const { host, reason } = await hostFor(options.host, file);
  const settings: CheckSettings = {
    host,
    hostReason: reason,
    model: options.model,
    suspending: options.suspending,
    overrides: options.overrides,
  };
  try {
    if ('error' in input) return [unchecked(file, settings, [input.error])];
    if ('source' in input) {
      // The compiler takes a while to load, and binaries do not need it.
      const { checkSource } = await import('./checkSource.ts');
      return await checkSource(file, input.source, settings);
    }
    if (isComponent(input.bytes)) return await checkComponent(file, input.bytes, settings, options);
    const { bytes } = input;
    return [await checkBinary(file, await withNamesOnDisk(file, bytes), settings, options, bytes.length)];
  } catch (error) {
    // A defect of this program must not affect the other files.
    const message = `internal error, please report it: ${error instanceof Error ? error.message : error}`;
    return [unchecked(file, settings, [{ offset: 0, message }])];
  }
}

/** Most errors of one module that are shown; the JSON form has all that the decoder kept. */
const MAX_ERROR_LINES = 1;

/** `size`: of the file, in bytes. */
async function checkBinary(
  file: string,
  bytes: Uint8Array,
  settings: CheckSettings,
  options: CheckOptions,
  size: number,
): Promise<CheckedModule> {
  const { host, model, suspending } = settings;
  const module = await validated(decodeModule(bytes));
  // Nothing of a module that no engine accepts can be called, so there is nothing to say about its exports.
  if (module.errors[0]?.isInvalid) return { ...unchecked(file, settings, module.errors), bytes: size };
  speakOfSource(module, file, options.source);
  return { ...checkModule(file, module, analyse(module, { host, model, suspending }), settings), bytes: size };
}

/** The core modules of a component, one after the other; what is wrong with the component itself is said with the first. */
async function checkComponent(
  file: string,
  bytes: Uint8Array,
  settings: CheckSettings,
  options: CheckOptions,
): Promise<CheckedModule[]> {
  const whole = decodeComponent(bytes);
  const checked: CheckedModule[] = [];
  for (const own of whole.modules) {
    const { start, end } = own;
    const one = await checkBinary(addressOf(file, own), bytes.slice(start, end), settings, options, end - start);
    checked.push({ ...one, component: { whole, own } });
  }
  if (checked.length === 0) {
    const nothing = { offset: 0, message: 'a component without core modules: there is nothing to analyse' };
    return [unchecked(file, settings, [...whole.errors, nothing])];
  }
  checked[0].errors.unshift(...whole.errors);
  return checked;
}

/** `bad.wasm: what is wrong (offset 0x1f)`, `bad.wat:3:7: what is wrong`. */
export function troubleLines({ file, errors }: CheckedModule): string[] {
  const more = errors.length > MAX_ERROR_LINES ? `and ${errors.length - MAX_ERROR_LINES} more` : '';
  return errors.slice(0, MAX_ERROR_LINES).map(({ offset, message, line, column }) => {
    const text = displayable(message, 400);
    if (line !== undefined && column !== undefined)
      return `${placeName(file, { line, column })}: ${text}${more && ` (${more})`}`;
    return `${inputName(file)}: ${text} (offset ${hex(offset)}${more && `, ${more}`})`;
  });
}

const fails = (checked: CheckedModule, options: CheckOptions): boolean =>
  [...countFindings(checked).keys()].some((severity) => counts(severity, options));

/** Whether findings of a severity make the command fail. */
const counts = (severity: Severity, { failOn }: CheckOptions): boolean =>
  failOn !== 'none' && SEVERITY_RANK[severity] >= SEVERITY_RANK[failOn];
