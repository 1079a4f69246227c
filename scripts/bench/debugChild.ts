/**
 * A separate process for each measurement of debug information: `node --expose-gc debugChild.ts FILE MEASUREMENT`. Prints
 * one line of JSON: a list of numbers.
 */
import { readFileSync } from 'node:fs';
import { analyse } from '../../core/analysis/analyse.ts';
import { debugInfoOf, type ModuleDebugInfo } from '../../core/debug/debugInfo.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import type { Module } from '../../core/wasm/module.ts';

/** What can be measured; milliseconds of processor time, of all threads, unless it says something else. */
export type DebugMeasurement =
  /** Bytes of the debug sections. */
  | 'size'
  /** Opening and analysing the module, and the same module without its debug sections, in turns. */
  | 'open'
  /** The first question, of a kind. */
  | keyof typeof QUESTIONS
  /** Bytes that are kept after many questions of all kinds. */
  | 'memory';

const RUNS = 7;

const QUESTIONS = {
  line: (info: ModuleDebugInfo, { functions }: Module) =>
    info.placeOf(functions.bodyEnd[functions.bodyEnd.length >> 1] - 1),
  function: (info: ModuleDebugInfo, { functions }: Module) => info.functionAt(functions.typeIndex.length >> 1),
  variable: (info: ModuleDebugInfo, { data, bytes }: Module) => info.variableAt(bytes.length + data.length),
  files: (info: ModuleDebugInfo) => info.files(),
};

const [file, measurement] = process.argv.slice(2) as [string, DebugMeasurement];
const bytes = new Uint8Array(readFileSync(file));

const isDebug = (name: string): boolean => name.startsWith('.debug_');

/** The module without its debug sections. */
function stripped(): Uint8Array {
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  for (const { id, name, offset, end } of decodeModule(bytes).sections) {
    if (id !== 0 || !isDebug(name)) kept.push(bytes.subarray(offset, end));
  }
  return Uint8Array.from(Buffer.concat(kept));
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function open(opened: Uint8Array): number {
  collect();
  const started = process.cpuUsage();
  const module = decodeModule(opened);
  const info = debugInfoOf(module);
  analyse(module, { host: 'wazero', model: 'auto' });
  const time = since(started);
  // Only now, so that nothing is made for a question that nobody asks.
  if (info.problems().length > 1e6) throw new Error('too many problems');
  return time;
}

function askEverything(info: ModuleDebugInfo, module: Module): void {
  const { bodyStart, bodyEnd, imported } = module.functions;
  for (const [i, start] of bodyStart.entries()) {
    info.functionAt(i + imported);
    for (const quarter of [0, 1, 2, 3]) info.placeOf(start + (((bodyEnd[i] - start) * quarter) >> 2));
  }
  for (let address = 0; address < 2 ** 25; address += 64) info.variableAt(address);
  for (const path of info.files().slice(0, 20)) info.offsetsOf(path, 100);
}

const collect = (): void => (globalThis as { gc?: () => void }).gc?.();

/** Bytes that live. */
function kept(): number {
  // Buffers of objects that the first collection finds dead are given back by the second one.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function measured(): number[] {
  if (measurement === 'open') {
    const without = stripped();
    // The one that comes second finds memory that the first one has left: they take turns in that, too.
    return Array.from({ length: RUNS }, (_, run) => {
      if (run % 2 === 0) return [open(bytes), open(without)];
      const second = open(without);
      return [open(bytes), second];
    }).flat();
  }
  const module = decodeModule(bytes);
  if (measurement === 'size') {
    return [module.sections.filter(({ name }) => isDebug(name)).reduce((sum, { start, end }) => sum + end - start, 0)];
  }
  const info = debugInfoOf(module);
  if (measurement === 'memory') {
    const before = kept();
    askEverything(info, module);
    return [kept() - before];
  }
  const started = process.cpuUsage();
  QUESTIONS[measurement](info, module);
  return [since(started)];
}

console.log(JSON.stringify(measured()));
