/** `wasm-hazards wrap`: code that makes a module safe to call from many threads. */

import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { analyse } from '../../../core/analysis/analyse.ts';
import type { WrapReport } from '../../../core/report/report.ts';
import { moduleFileName } from '../../../core/source/coreModules.ts';
import { hex } from '../../../core/wasm/printer/numbers.ts';
import { validated } from '../../../core/wasm/validate.ts';
import { generateWrapper, type Wrapper } from '../../../core/wrap/wrapper.ts';
import type { CliCommand } from '../command.ts';
import { readStressInput } from '../input/stressInput.ts';
import { Exit, type Io, UsageError } from '../io.ts';
import { hostFor } from '../options.ts';
import { writeReports } from '../writeReports.ts';
import { parseWrapOptions, WRAP_HELP, type WrapCommandOptions } from './wrapOptions.ts';

/** Reads the module and never runs it. A host without a template and an invalid module are usage errors. */
export const WRAP: CliCommand = {
  summary: 'write a pool, a lock or a test for a module',
  help: WRAP_HELP,
  async run(args, io) {
    const options = parseWrapOptions(args);
    const { out } = options;
    const wrapper = await wrapped(options, io);
    const report: WrapReport = { command: 'wrap', wrapper };
    if (out === '-') await writeReports([report], { command: 'wrap' }, {}, io);
    else await write(out, wrapper.text);
    return Exit.Clean;
  },
};

/** The code that a command line asks for. @throws UsageError where there is none */
export async function wrapped(options: WrapCommandOptions, { stdin }: Pick<Io, 'stdin'>): Promise<Wrapper> {
  const { file, host: wanted, model, kind, packageName, typeName, asynchronous, source } = options;
  if (/\.stress\.json$/i.test(file)) throw new UsageError(`${file}: wrap expects a module, not a scenario`);
  const { host } = await hostFor(wanted, file);
  const { module, name } = await readStressInput(file, undefined, { host, source }, stdin);
  const [problem] = (await validated(module)).errors;
  if (problem !== undefined) throw new UsageError(`${name}: ${problem.message} (offset ${hex(problem.offset)})`);
  const moduleFile = file === '-' ? 'module.wasm' : moduleFileName(basename(file));
  const analysis = analyse(module, { host, model });
  const wrapper = generateWrapper(module, analysis, { kind, moduleFile, packageName, typeName, asynchronous });
  if ('refusal' in wrapper) throw new UsageError(`wrap: ${wrapper.refusal}`);
  return wrapper;
}

/** Existing files are never overwritten: somebody may have edited them. */
async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(
      `wrap: ${path} ${exists ? 'already exists and was not overwritten; remove it or name another file' : `cannot be written: ${(error as Error).message}`}`,
    );
  }
}
