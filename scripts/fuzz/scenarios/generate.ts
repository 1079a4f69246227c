/** Scenarios that can be run: calls of the exports of generated modules, with arguments of their types. */
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { HOST_IDS, HOST_PROFILES } from '../../../core/hosts/index.ts';
import { scenarioOf } from '../../../core/stress/testing/oracle/compare.ts';
import { programOfSeed } from '../../../core/stress/testing/oracle/generate.ts';
import { watOf } from '../../../core/stress/testing/oracle/text.ts';
import { randomStateModule } from '../../../core/stress/testing/randomModules.ts';
import type { Random } from '../../../core/testing/random.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import type { Module } from '../../../core/wasm/module.ts';
import { EXN, F32, F64, heapOf, I32, I64, isRef, V128, type ValType } from '../../../core/wasm/types.ts';
import { randomModule } from '../modules/generate.ts';
import type { ScenarioInput } from './scenarioInput.ts';

const INTS = [0, 1, 2, 7, 64, -1, 65532];

/** An argument in the form of scenario files; null for references. */
function argumentOf(type: ValType, next: Random): number | string | null {
  if (type === I32) return INTS[next(INTS.length)];
  if (type === I64) return String(INTS[next(INTS.length)]);
  if (type === F32 || type === F64) return next(4) === 0 ? 'nan' : next(5) - 2;
  return null;
}

/** Whether values of the type cannot cross to JavaScript. */
const isHidden = (type: ValType): boolean => type === V128 || (isRef(type) && heapOf(type) === EXN);

function randomCall(module: Module, next: Random): unknown[] {
  const functions = module.exports.filter(({ kind, index }) => {
    const type = module.types[module.functions.typeIndex[index]]?.composite;
    return kind === 'func' && type?.kind === 'func' && ![...type.params, ...type.results].some(isHidden);
  });
  if (functions.length === 0) return ['f0'];
  const { name, index } = functions[next(functions.length)];
  const type = module.types[module.functions.typeIndex[index]]?.composite;
  return [name, ...(type?.kind === 'func' ? type.params : []).map((one) => argumentOf(one, next))];
}

/** A module with a scenario. */
export async function randomScenario(next: Random): Promise<ScenarioInput> {
  const kind = next(3);
  if (kind === 0) {
    const program = programOfSeed(next(2 ** 31));
    return { module: await parse(watOf(program)), scenario: JSON.stringify(scenarioOf(program)) };
  }
  const module = kind === 1 ? randomModule(next) : await parse(randomStateModule(next));
  const decoded = decodeModule(module);
  const host = HOST_IDS[next(HOST_IDS.length)];
  const { models } = HOST_PROFILES[host];
  const calls = (most: number): unknown[][] => Array.from({ length: 1 + next(most) }, () => randomCall(decoded, next));
  const scenario = {
    host,
    model: next(2) === 0 ? 'auto' : models[next(models.length)],
    ...(next(3) === 0 ? { setup: calls(2) } : {}),
    callers: Array.from({ length: 1 + next(3) }, () => calls(2)),
    ...(next(2) === 0 ? { probe: calls(1) } : {}),
    seed: next(1000),
  };
  return { module, scenario: JSON.stringify(scenario) };
}
