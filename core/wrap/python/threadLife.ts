/** Python: what an instance after the first gets in a memory that instances share: a stack, and the calls of a thread. */
import { stackAdvice } from '../../analysis/modelAdvice.ts';
import { type StackHandle, stackHandle, type ThreadArgument, type ThreadCall, threadCalls } from '../threadLife.ts';
import type { WrapInput } from '../wrapInput.ts';
import { pyList, stringItem } from './parts.ts';

/** Pages of the stack of an instance: as much as wasm-ld reserves. */
const STACK_PAGES = 1;

/** What instances need. */
export interface PyThreadNeeds {
  /** How the stack pointer is set; undefined where the module does it, or the host cannot. */
  stack: Exclude<StackHandle, { module: string }> | undefined;
  calls: readonly ThreadCall[];
}

/** Undefined where instances have no memory in common, or need nothing in it. */
export function pyThreadNeeds({ module, analysis, surface }: WrapInput): PyThreadNeeds | undefined {
  if (!surface.commonMemory) return undefined;
  const stack = stackHandle(module, analysis);
  const calls = threadCalls(module, analysis);
  const needs = { stack: stack !== undefined && 'module' in stack ? undefined : stack, calls };
  return needs.stack === undefined && calls.length === 0 ? undefined : needs;
}

/** The input without the advice to give each instance a stack, where the code does so. */
export function withoutStackAdvice(input: WrapInput): WrapInput {
  if (pyThreadNeeds(input)?.stack === undefined) return input;
  const advice = stackAdvice(input.module, input.analysis);
  return { ...input, warnings: input.warnings.filter((one) => one !== advice) };
}

/** Statements for an instance `slot` that is not the first over the memory `memory`, an expression. */
export function threadStatements({ stack, calls }: PyThreadNeeds, memory: string): string {
  const indent = '                ';
  const lines: string[] = [];
  if (stack !== undefined) {
    lines.push(
      `${indent}# Stacks begin at their upper end.`,
      `${indent}pages = ${memory}.grow(${STACK_PAGES}) + ${STACK_PAGES}`,
      'exported' in stack
        ? pyList(indent, 'slot.set_global(', [stringItem(`${indent}    `, stack.exported), 'pages * 65536'], ')')
        : pyList(indent, 'slot.call(', ['None', stringItem(`${indent}    `, stack.setter), '(pages * 65536,)'], ')'),
    );
  }
  for (const { name, args, as } of calls) {
    const values = args.map(argument);
    const tuple = values.length === 1 ? `(${values[0]},)` : `(${values.join(', ')})`;
    const result = as === undefined ? '' : `${variable(as)} = `;
    lines.push(pyList(indent, `${result}slot.call(`, ['None', stringItem(`${indent}    `, name), tuple], ')'));
  }
  return `${lines.join('\n')}\n`;
}

const variable = (name: string): string => `of_${name.replaceAll(/\W/g, '_').toLowerCase()}`;

function argument(value: ThreadArgument): string {
  if (typeof value === 'number') return String(value);
  const address = variable(value.result);
  return value.align === 1 ? address : `${address} + ${value.align - 1} & -${value.align}`;
}

/** A method of `_Slot`; empty where no stack pointer is a global. */
export const globalSetter = (needs: PyThreadNeeds | undefined): string =>
  needs?.stack !== undefined && 'exported' in needs.stack
    ? `
    def set_global(self, name: str, value: int) -> None:
        pointer = self._exports[name]
        assert isinstance(pointer, wasmtime.Global)
        pointer.set_value(self.store, value)
`
    : '';
