/**
 * The measure that costs of exploring are compared with: WebAssembly that is suspended and resumed by the engine, and
 * does nothing else. Every step between two callers needs it, so a cost in bare switches depends on the machine and on
 * the engine less than a time does.
 */
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { type WasmFunction, wasmEngine } from '../../../core/wasm/webAssembly.ts';
import { Problem } from '../../failure.ts';
import { processorTime } from '../processorTime.ts';

const LOOP = `(module (import "host" "pause" (func $pause))
  (func (export "run") (param $n i32)
    (loop $l
      (call $pause)
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))`;

const SWITCHES = 50_000;

/**
 * A measurement that can be repeated: processor time of one bare switch, in milliseconds.
 * @throws Problem where the engine cannot suspend WebAssembly
 */
export async function bareSwitches(): Promise<() => Promise<number>> {
  const { Suspending, promising } = wasmEngine;
  if (Suspending === undefined || promising === undefined) throw new Problem('this Node.js cannot suspend WebAssembly');
  const done = Promise.resolve();
  const module = new wasmEngine.Module(await parse(LOOP));
  const { exports } = new wasmEngine.Instance(module, { host: { pause: new Suspending(() => done) } });
  const run = promising(exports.run as WasmFunction);
  return async () => {
    const before = processorTime();
    await run(SWITCHES);
    return (processorTime() - before) / SWITCHES;
  };
}
