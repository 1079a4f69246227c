/**
 * What must hold for any bytes: decoding, analysis and disassembly end, do not throw, stay within bounds, and agree
 * with V8 where it can judge.
 */

import { v8Refusal } from '../../../testing/v8.ts';
import { decodeModule } from '../../../wasm/decode.ts';
import type { Module } from '../../../wasm/module.ts';
import { disassemble } from '../../../wasm/printer.ts';
import { analyse } from '../../analyse.ts';

/** Most errors kept of one module: more do not help, and a hostile file could have millions. */
const MAX_ERRORS = 1000;
const BODY_BUDGET = 100_000;
const DATA_BUDGET = 100;
/** Time limit for an input of a few kilobytes; generous, because the machine may be busy. */
const MAX_MILLISECONDS = 2000;

/**
 * Messages of V8 about bytes that are malformed, as opposed to an invalid module. Surplus sign bits of a constant are
 * not among them: nothing here depends on those.
 */
const MALFORMED = [
  /fell off end/,
  /length overflow while decoding leb128/,
  /expected magic word/,
  /expected version/,
  /unknown section code/,
  /unexpected section/,
  /extends past end of the module/,
  /section was shorter than expected size/,
  /section was longer than expected size/,
  /code section is absent/,
  /function (and|body) count .* mismatch/,
  /data segments count \d+ mismatch/,
  /invalid UTF-8/i,
];

/** What an examination found, and what V8 says about the bytes. */
export interface Verdict {
  /** What is wrong with our answer; undefined if nothing is. */
  problem: string | undefined;
  v8: 'accepts' | 'malformed' | 'rejects';
}

/** Decodes, analyses and prints `bytes` and compares the result with V8's. Never throws: an exception is a problem. */
export function examine(bytes: Uint8Array): Verdict {
  const v8 = askV8(bytes);
  try {
    const started = performance.now();
    const problem = ourProblem(bytes, v8);
    const took = performance.now() - started;
    if (problem === undefined && took > MAX_MILLISECONDS)
      return { problem: `took ${Math.round(took)} ms`, v8: v8.answer };
    return { problem, v8: v8.answer };
  } catch (error) {
    return { problem: `throws ${error instanceof Error ? error.stack : error}`, v8: v8.answer };
  }
}

interface Answer {
  answer: Verdict['v8'];
  message: string;
}

function askV8(bytes: Uint8Array): Answer {
  const message = v8Refusal(bytes);
  if (message === undefined) return { answer: 'accepts', message: '' };
  return { answer: MALFORMED.some((pattern) => pattern.test(message)) ? 'malformed' : 'rejects', message };
}

function ourProblem(bytes: Uint8Array, v8: Answer): string | undefined {
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: 'wazero', model: 'auto' });
  const complaints = module.errors.length + analysis.errors.length;
  if (v8.answer === 'accepts' && complaints > 0) {
    return `V8 accepts it, we say ${[...module.errors, ...analysis.errors][0].message}`;
  }
  if (v8.answer === 'malformed' && complaints === 0 && module.kind === 'module')
    return `we find no error, V8 says ${v8.message}`;
  return outOfBounds(module) ?? textProblem(module);
}

/** Sizes of what was decoded are bounded by the size of the file: every item takes at least a byte. */
function outOfBounds(module: Module): string | undefined {
  const { length } = module.bytes;
  if (module.errors.length > MAX_ERRORS) return `${module.errors.length} errors`;
  const outside = module.errors.find(({ offset }) => !(Number.isInteger(offset) && offset >= 0 && offset <= length));
  if (outside !== undefined) return `error at ${outside.offset} of ${length} bytes: ${outside.message}`;
  const items = [
    module.sections,
    module.types,
    module.imports,
    module.tables,
    module.memories,
    module.globals,
    module.tags,
    module.exports,
    module.elements,
    module.data,
    module.functions.typeIndex,
    module.functions.entry,
  ];
  for (const list of items) if (list.length > length) return `${list.length} items in ${length} bytes`;
  return undefined;
}

function textProblem(module: Module): string | undefined {
  const { text, lineOffsets } = disassemble(module, {
    bodyBudget: BODY_BUDGET,
    prefer: [],
    expand: new Set(),
    dataBudget: DATA_BUDGET,
  });
  const most = 2 * BODY_BUDGET + 400 * (module.bytes.length + 100);
  if (text.length > most) return `disassembly of ${text.length} characters for ${module.bytes.length} bytes`;
  const lines = text.split('\n').length - 1;
  if (lineOffsets.length !== lines) return `${lineOffsets.length} line offsets for ${lines} lines`;
  const outside = lineOffsets.find((offset) => offset !== 0xffffffff && offset > module.bytes.length);
  if (outside !== undefined) return `a line of the disassembly stands at ${outside} of ${module.bytes.length} bytes`;
  return undefined;
}
