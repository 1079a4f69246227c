/** What it costs an export that its instance shares state with other threads, as in the hammer. */
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { makeMemories } from '../../core/stress/hammer/makeReady.ts';
import { shareModule } from '../../core/stress/hammer/share.ts';
import { addedImports } from '../../core/stress/hammer/threadStart.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { type WasmFunction, wasmEngine } from '../../core/wasm/webAssembly.ts';
import { processorTime } from './processorTime.ts';

const RUNS = 9;

const KERNELS = `(module (memory (export "memory") 16) (global $n (mut i32) (i32.const 0)) (global $d (mut f64) (f64.const 1))
  (func (export "global") (param $n i32) (result i32)
    (loop $l (global.set $n (i32.add (global.get $n) (i32.const 3)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (global.get $n))
  (func (export "memory words") (param $n i32) (result i32) (local $s i32)
    (loop $l
      (i32.store (i32.and (i32.shl (local.get $n) (i32.const 2)) (i32.const 0xffffc)) (local.get $n))
      (local.set $s (i32.add (local.get $s) (i32.load (i32.and (i32.mul (local.get $n) (i32.const 28)) (i32.const 0xffffc)))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func (export "fill and copy") (param $n i32) (result i32)
    (loop $l
      (memory.fill (i32.const 0) (local.get $n) (i32.const 4096))
      (memory.copy (i32.const 65536) (i32.const 0) (i32.const 4096))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 100)))))
    (i32.load8_u (i32.const 65600))))`;
const ITERATIONS = 4_000_000;

/** Exports whose calls are compared. */
export const SHARING_CASES = ['global', 'memory words', 'fill and copy'] as const;

/**
 * Processor time of calls of the rewritten module in times of those of the original module, by export: the least of runs
 * that alternate.
 */
export async function sharingCosts(_: null): Promise<Record<string, number>> {
  const bytes = await parse(KERNELS);
  const module = decodeModule(bytes);
  const reachable = new Uint8Array(module.functions.typeIndex.length).fill(1);
  const shared = shareModule(module, { wholeInstance: true, reachable, stackPointer: -1 });
  const plain = new wasmEngine.Instance(new wasmEngine.Module(bytes)).exports;
  const added = addedImports(module, shared.names, makeMemories(shared));
  const rewritten = new wasmEngine.Instance(new wasmEngine.Module(shared.plain), added).exports;
  const costs: Record<string, number> = {};
  for (const name of SHARING_CASES) {
    let [original, own] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i < RUNS; i++) {
      const a = processorTime();
      (plain[name] as WasmFunction)(ITERATIONS);
      const b = processorTime();
      (rewritten[name] as WasmFunction)(ITERATIONS);
      const c = processorTime();
      original = Math.min(original, b - a);
      own = Math.min(own, c - b);
    }
    costs[name] = own / original;
  }
  return costs;
}
