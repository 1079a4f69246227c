/** What instrumentation and the detector cost a call that nobody interrupts. */
import { readFileSync } from 'node:fs';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { Call } from '../../../core/stress/scenario/steps.ts';
import { BoundedSearch } from '../../../core/stress/search/bounded.ts';
import { plainInstance } from '../../../core/stress/testing/plainInstance.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { ensureCorpus } from '../../corpus/fetch.ts';
import { Problem } from '../../failure.ts';
import { processorTime } from '../processorTime.ts';
import { execute, prepareSession } from './exploring.ts';

const RUNS = 25;

const KERNELS = `(module (memory (export "memory") 16)
  (func (export "stream") (param $n i32) (result i32) (local $i i32) (local $s i32)
    (loop $l
      (i32.store (i32.and (i32.shl (local.get $i) (i32.const 2)) (i32.const 0xffffc)) (local.get $i))
      (local.set $s (i32.add (local.get $s) (i32.load (i32.and (i32.mul (local.get $i) (i32.const 28)) (i32.const 0xffffc)))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  (func (export "bytes") (param $n i32) (result i32) (local $i i32) (local $s i32)
    (loop $l
      (i32.store8 (i32.and (local.get $i) (i32.const 0xfff)) (local.get $s))
      (local.set $s (i32.xor (i32.mul (local.get $s) (i32.const 31)) (i32.load8_u (i32.and (local.get $s) (i32.const 0xfff)))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s)))`;

interface Instrumentable {
  bytes: Uint8Array;
  setup: Call[];
  call: Call;
}

const CASES = {
  'words, read and written in a loop': async () => ({
    ...{ bytes: await parse(KERNELS), setup: [], call: ['stream', 1_000_000] },
  }),
  'bytes, each address from the value before': async () => ({
    ...{ bytes: await parse(KERNELS), setup: [], call: ['bytes', 1_000_000] },
  }),
  'argon2 hash, 1 MiB': async () => ({
    bytes: await argon(),
    setup: [['d']],
    call: ['e', 1, 1024, 1, 70000, 8, 71000, 16, 72000, 32, 0, 0, 2, 19],
  }),
} satisfies Record<string, () => Promise<Instrumentable>>;
/** A call whose instrumented form is compared with the plain one. */
export type DetectionCase = keyof typeof CASES;

/** All of them. */
export const DETECTION_CASES = Object.keys(CASES) as DetectionCase[];

async function argon(): Promise<Uint8Array> {
  const [module] = await ensureCorpus(({ name }) => name === 'argon2-browser/dist/argon2.wasm');
  if (module === undefined) throw new Problem('the corpus has no argon2');
  return new Uint8Array(readFileSync(module.path));
}

/** Processor time of one call in milliseconds, the least of many that alternate. */
export interface DetectionCost {
  plain: number;
  instrumented: number;
}

/** An instrumented call with the detector on, compared with the plain export in the same process. */
export async function detectionCost(name: DetectionCase): Promise<DetectionCost> {
  const { bytes, setup, call } = (await CASES[name]()) as Instrumentable;
  const plain = plainInstance(decodeModule(bytes));
  for (const one of setup) plain.call(one);
  const prepared = await prepareSession(bytes, { setup, callers: [[call]] });
  const least = { plain: Number.POSITIVE_INFINITY, instrumented: Number.POSITIVE_INFINITY };
  for (let i = 0; i < RUNS; i++) {
    const a = processorTime();
    plain.call(call);
    const b = processorTime();
    await execute(prepared, new BoundedSearch(0));
    const c = processorTime();
    least.plain = Math.min(least.plain, b - a);
    least.instrumented = Math.min(least.instrumented, c - b);
  }
  prepared.session.scheduler.close();
  return least;
}
