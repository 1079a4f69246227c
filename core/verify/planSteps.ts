/** Steps of a scenario for the Go driver: expressions parsed, arguments as bits, contents as bytes. */
import { toEngineArguments } from '../stress/scenario/arguments.ts';
import { type Comparison, comparedText } from '../stress/scenario/comparison.ts';
import { fixedBytes } from '../stress/scenario/contents.ts';
import { type Expression, parseExpression, type Value } from '../stress/scenario/expression.ts';
import { isExpression } from '../stress/scenario/stepForms.ts';
import {
  type Argument,
  type Call,
  type ContentKey,
  callIn,
  contentOf,
  defaultType,
  resultNames,
  type Step,
  stepText,
} from '../stress/scenario/steps.ts';
import type { Module } from '../wasm/module.ts';
import { EXTERNREF, F32, F64, I32, I64, isRef, V128, type ValType } from '../wasm/types.ts';
import type { PlanArgument, PlanContent, PlanExpression, PlanStep } from './plan.ts';

const TYPES: Readonly<Record<number, string>> = { [I32]: 'i32', [I64]: 'i64', [F32]: 'f32', [F64]: 'f64' };

/** `i32`, `f64`, `externref`, `funcref`; undefined for types that wazero's API does not pass. */
export function planType(type: ValType): string | undefined {
  if (type === V128) return undefined;
  return TYPES[type] ?? (isRef(type) ? (type === EXTERNREF ? 'externref' : 'funcref') : undefined);
}

/** A step for the driver. `comparison`: undefined where results do not belong to outcomes. */
export function planStep(step: Step, module: Module, comparison: Comparison | undefined): PlanStep {
  return { text: stepText(step), ...whatOf(step, module), ...hiddenOf(step, comparison) };
}

function whatOf(step: Step, module: Module): Omit<PlanStep, 'text' | 'hidden'> {
  const call = callIn(step);
  if (call !== undefined) return { call: { ...planCall(call, module), ...namesOf(step) } };
  if ('expect' in step) return { expect: planText(step.expect) };
  if ('write' in step) return { write: { at: planText(step.write), ...contentIn(step) } };
  if (!('read' in step)) throw new Error('not a step');
  const { read, length, as, type = defaultType(step) } = step;
  return {
    read: {
      at: planText(read),
      type,
      ...(length === undefined ? {} : { length: planText(length) }),
      ...(as === undefined ? {} : { as }),
    },
  };
}

function namesOf(step: Step): { names?: string[] } {
  const names = resultNames(step);
  return names.length === 0 ? {} : { names: [...names] };
}

function hiddenOf(step: Step, comparison: Comparison | undefined): { hidden?: string } {
  if (comparison === undefined || comparison.counts(step)) return {};
  return { hidden: comparedText(comparison, step, '') };
}

function planCall([name, ...args]: Call, module: Module) {
  const index = module.exports.find((one) => one.kind === 'func' && one.name === name)?.index ?? -1;
  const type = module.types[module.functions.typeIndex[index]]?.composite;
  const { params, results } = type?.kind === 'func' ? type : { params: [], results: [] };
  return {
    export: name,
    args: params.map((param, i) => planArgument(args[i] ?? null, param)),
    results: results.map((one) => planType(one) ?? 'v128'),
  };
}

function planArgument(argument: Argument, param: ValType): PlanArgument {
  const type = planType(param) ?? 'v128';
  if (isExpression(argument)) return { type, expr: planText(argument) };
  return { type, bits: wasmBits(toEngineArguments(['', argument], [param])[0], param) };
}

/** A value as wazero's API takes it: 64 bits, unsigned and in decimal. */
export function wasmBits(value: unknown, type: ValType): string {
  const view = new DataView(new ArrayBuffer(8));
  if (type === I32) view.setUint32(0, Number(value) >>> 0, true);
  else if (type === I64) view.setBigUint64(0, BigInt.asUintN(64, BigInt(value as bigint)), true);
  else if (type === F32) view.setFloat32(0, Number(value), true);
  else if (type === F64) view.setFloat64(0, Number(value), true);
  return String(view.getBigUint64(0, true));
}

/** What a step or an effect writes. */
export function contentIn(step: Partial<Record<ContentKey, number | string>>): PlanContent {
  const { key, value } = contentOf({ write: 0, ...step }) ?? { key: 'hex', value: '' };
  const fixed = fixedBytes(key, value);
  if (fixed === undefined) return { type: key, value: planText(value) };
  return { hex: [...fixed].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
}

/** A number or the text of an expression, which was checked. */
export function planText(text: number | string): PlanExpression {
  if (typeof text === 'number') return planValue(Number.isInteger(text) ? BigInt(text) : text);
  const parsed = parseExpression(text);
  if ('message' in parsed) throw new Error(parsed.message);
  return planExpression(parsed);
}

/** A parsed expression for the driver. */
function planExpression(expression: Expression): PlanExpression {
  switch (expression.kind) {
    case 'value':
      return planValue(expression.value);
    case 'name':
      return expression;
    case 'load':
      return { kind: 'load', type: expression.type, of: planExpression(expression.address) };
    case 'unary':
      return { ...expression, of: planExpression(expression.of) };
    case 'binary':
      return { ...expression, left: planExpression(expression.left), right: planExpression(expression.right) };
  }
}

function planValue(value: Value): PlanExpression {
  if (typeof value === 'bigint') return { kind: 'value', integer: String(value) };
  if (typeof value === 'string') return { kind: 'value', text: value };
  if (value === null) return { kind: 'value' };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return { kind: 'value', float: view.getBigUint64(0).toString(16).padStart(16, '0') };
}
