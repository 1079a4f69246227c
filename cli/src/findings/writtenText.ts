/** `--sarif-text`: the text of a binary in a file beside it, for findings to point into. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { displayable } from '../../../core/harmless/names.ts';
import type { CheckedModule, WrittenText } from '../../../core/report/checkedModule.ts';
import { moduleFileName } from '../../../core/source/coreModules.ts';
import { disassemblyMap } from '../../../core/text/disassemblyMap.ts';
import { demangled } from '../../../core/wasm/demangle.ts';
import { disassemble } from '../../../core/wasm/printer.ts';
import { UsageError } from '../io.ts';

/** Characters of bodies, beyond which only functions with findings have theirs. */
const BODY_BUDGET = 1 << 22;

/** How such a file begins. Others are not overwritten: they may be somebody's source. */
const MARK = ';; Written by wasm-hazards: the text of ';

/**
 * The module with its text in `module.wasm.wat`. A source has lines of its own, and standard input no folder: they stay as
 * they are.
 * @throws UsageError if there is another file of that name, or it cannot be written
 */
export async function withWrittenText(checked: CheckedModule): Promise<CheckedModule> {
  const { file, module, source, hazards } = checked;
  if (module === undefined || source !== undefined || file === '-' || module.kind !== 'module') return checked;
  const path = textFileOf(file);
  const found = hazards.flat().flatMap(({ site, path: functions }) => [site.func, ...functions]);
  const disassembly = disassemble(module, {
    header: [
      `${MARK.slice(3)}${displayable(basename(moduleFileName(file)), 400)}.`,
      'It is written again with each report.',
    ],
    bodyBudget: BODY_BUDGET,
    prefer: [],
    expand: new Set(found),
    displayName: demangled,
  });
  const { text } = disassembly;
  await write(path, text);
  const written: WrittenText = { file: path, text, rangeOf: disassemblyMap(disassembly, module).rangeOf };
  return { ...checked, written };
}

/** Where the text of a binary is written. */
const textFileOf = (file: string): string => `${moduleFileName(file)}.wat`;

/**
 * That the text of a binary would not overwrite a file of somebody else.
 * @throws UsageError
 */
export async function assertOwnText(file: string): Promise<void> {
  if (file !== '-') await textBefore(textFileOf(file));
}

/** What the file has; undefined if it is not there. @throws UsageError if it is not ours */
async function textBefore(path: string): Promise<string | undefined> {
  let before: string;
  try {
    before = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`--sarif-text: ${displayable(path, 400)}: ${(error as Error).message}`);
  }
  if (before.startsWith(MARK)) return before;
  throw new UsageError(
    `--sarif-text: ${displayable(path, 400)} is there already and was not written by wasm-hazards; move it away`,
  );
}

/** A file that is the same stays as it is, so that nothing that watches it wakes up. */
async function write(path: string, text: string): Promise<void> {
  const before = await textBefore(path);
  if (before === text) return;
  try {
    await writeFile(path, text, { flag: before === undefined ? 'wx' : 'w' });
  } catch (error) {
    throw new UsageError(`--sarif-text: ${displayable(path, 400)}: ${(error as Error).message}`);
  }
}
