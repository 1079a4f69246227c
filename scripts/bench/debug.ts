/**
 * Benchmarks of debug information: what a module costs that has it, before anybody asks and at the first question.
 */
import { readFileSync } from 'node:fs';
import { dwarfOf } from '../../core/debug/dwarf/dwarf.ts';
import type { DebugInfo } from '../../core/debug/model.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import type { Module } from '../../core/wasm/module.ts';
import { ensureCorpus } from '../corpus/fetch.ts';
import { Problem } from '../failure.ts';
import { median } from './measure.ts';
import { markdown } from './table.ts';

const MODULES = ['web-tree-sitter/debug/web-tree-sitter.wasm', '@ruby/3.4-wasm-wasi/dist/ruby.debug+stdlib.wasm'];
const RUNS = 9;

/** First questions by what they are about. */
const QUESTIONS: Readonly<Record<string, (info: DebugInfo, module: Module) => unknown>> = {
  'line of an instruction': (info, module) => info.placeOf(module.functions.bodyEnd[module.functions.imported] - 1),
};

/** The table of debug information. */
export async function debugReport(log: (line: string) => void): Promise<string> {
  const rows: string[][] = [];
  for (const { name, path } of await ensureCorpus((module) => MODULES.includes(module.name))) {
    log(`${name} ...`);
    const module = decodeModule(new Uint8Array(readFileSync(path)));
    for (const [question, ask] of Object.entries(QUESTIONS)) {
      const times: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        const started = performance.now();
        const info = dwarfOf(module);
        if (info === undefined) throw new Problem(`${name} has no DWARF`);
        ask(info, module);
        times.push(performance.now() - started);
      }
      rows.push([name, question, times[0].toFixed(1), median(times).toFixed(1)]);
    }
  }
  return markdown([['module', 'question', 'first time, ms', 'median, ms'], ...rows]);
}
