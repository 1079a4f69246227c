/** Program for tests: explores a counter in a process, and prints what this engine lacks and the verdict, as JSON. */
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { missingSupport } from '../../../../core/stress/explore/stress.ts';
import { completeScenario } from '../../../../core/stress/scenario/scenario.ts';
import { runStress } from '../../runStress.ts';

const bytes = await parse(
  '(module (global $n (mut i32) (i32.const 0)) (func (export "inc") (global.set $n (i32.add (global.get $n) (i32.const 1)))))',
);
const scenario = completeScenario({ callers: [[['inc']], [['inc']]] }, 'wazero');
const workerPath = new URL('../../stressWorker.ts', import.meta.url);
const answer = await runStress({ bytes, name: 'counter.wat', scenario }, { workerPath, isolation: 'process' });
const came = 'result' in answer ? [answer.result.verdict, ...answer.result.notes] : [answer.failure.message];
console.log(JSON.stringify({ lacks: missingSupport() !== undefined, came }));
