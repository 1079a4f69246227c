/** What stands at a place of a scenario file: the export of a call, or an expression and the names that it can use. */
import { findNodeAtLocation, getLocation, getNodeValue, type JSONPath, type Node, parseTree } from 'jsonc-parser';
import { NUMBER_TYPES } from '../../../../core/stress/scenario/expression.ts';
import { isCall, resultNames, type Step, stepText } from '../../../../core/stress/scenario/steps.ts';

/** Characters `[start, end)` of the file. */
interface Replaced {
  start: number;
  end: number;
}

/** The name of an export in a call, in either form. */
export interface ExportPlace {
  kind: 'export';
  /** The name that is there, if any. */
  name: string | undefined;
  replaced: Replaced | undefined;
  /** Whether the call is an object, and whether it has arguments. */
  isObject: boolean;
  hasArguments: boolean;
}

/** A place in an expression. */
export interface ExpressionPlace {
  kind: 'expression';
  /** The name at the place with its `$`, as far as it is typed; empty between other characters. */
  word: string;
  replaced: Replaced;
  /** Names that have a value there, each with the step that gives it. */
  names: Map<string, Step>;
}

/** Keys whose texts are expressions. */
const EXPRESSIONS: ReadonlySet<string> = new Set(['write', 'read', 'length', 'expect', ...NUMBER_TYPES]);

/** What stands at an offset; undefined for anything else. */
export function stepPlaceAt(text: string, offset: number): ExportPlace | ExpressionPlace | undefined {
  const location = getLocation(text, offset);
  const { path, previousNode: node } = location;
  const tree = parseTree(text);
  if (tree === undefined || location.isAtPropertyKey) return undefined;
  const step = stepAt(path);
  if (step !== undefined && isExport(step.rest)) return exportPlace(tree, path, node);
  const inExpression = step === undefined ? path[0] === 'invariants' && path.length === 2 : isExpression(step.rest);
  if (!inExpression || node?.type !== 'string') return undefined;
  const { start, end } = wordAround(text, node, offset);
  return { kind: 'expression', word: text.slice(start, end), replaced: { start, end }, names: namesAt(tree, path) };
}

/** The step that a path leads to or into, and the rest of the path. */
function stepAt(path: JSONPath): { list: JSONPath; index: number; rest: JSONPath } | undefined {
  const [key] = path;
  const length =
    key === 'callers' ? (path[2] === 'steps' ? 3 : 2) : key === 'life' || key === 'setup' || key === 'probe' ? 1 : 0;
  const index = path[length];
  return length === 0 || typeof index !== 'number'
    ? undefined
    : { list: path.slice(0, length), index, rest: path.slice(length + 1) };
}

const isExport = (rest: JSONPath): boolean => rest.length === 1 && (rest[0] === 0 || rest[0] === 'call');

function isExpression([key, index, ...more]: JSONPath): boolean {
  if (more.length > 0) return false;
  if (key === 'args') return typeof index === 'number';
  return index === undefined && (typeof key === 'number' ? key > 0 : EXPRESSIONS.has(String(key)));
}

function exportPlace(tree: Node, path: JSONPath, node: Node | undefined): ExportPlace {
  const step = findNodeAtLocation(tree, path.slice(0, -1));
  const isObject = step?.type === 'object';
  const isText = node?.type === 'string';
  return {
    kind: 'export',
    name: isText ? String(node.value) : undefined,
    replaced: isText ? { start: node.offset, end: node.offset + node.length } : undefined,
    isObject,
    hasArguments: isObject
      ? findNodeAtLocation(tree, [...path.slice(0, -1), 'args']) !== undefined
      : (step?.children?.length ?? 0) > 1,
  };
}

/** The `$name` around an offset inside a string, or the empty range there. */
function wordAround(text: string, { offset: from, length }: Node, offset: number): Replaced {
  const before = /\$?\w*$/.exec(text.slice(from + 1, offset))?.[0] ?? '';
  const start = offset - before.length;
  const after = /^\w*/.exec(text.slice(offset, from + length - 1))?.[0] ?? '';
  const atDollar =
    before === '' && text[offset] === '$' ? (/^\$\w*/.exec(text.slice(offset, from + length - 1))?.[0] ?? '') : '';
  return { start, end: offset + (atDollar === '' ? after.length : atDollar.length) };
}

/** Names of earlier steps of the list, and of the setup. */
function namesAt(tree: Node, path: JSONPath): Map<string, Step> {
  const names = new Map<string, Step>();
  const add = (list: JSONPath, end: number): void => {
    const node = findNodeAtLocation(tree, list);
    const steps: unknown = node && getNodeValue(node);
    if (!Array.isArray(steps)) return;
    for (const step of steps.slice(0, end) as unknown[]) {
      const known = stepIn(step);
      if (known === undefined) continue;
      // What is typed may be of any type.
      for (const name of [resultNames(known)].flat() as unknown[]) if (typeof name === 'string') names.set(name, known);
    }
  };
  const step = stepAt(path);
  if (step?.list[0] !== 'setup' && step?.list[0] !== 'life') add(['setup'], Number.POSITIVE_INFINITY);
  if (step !== undefined) add(step.list, step.index);
  return names;
}

/** A step as far as it is typed; undefined for what is none. */
function stepIn(value: unknown): Step | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return typeof value[0] === 'string' ? (value as Step) : undefined;
  return ['call', 'write', 'read', 'expect'].some((key) => key in value) ? (value as Step) : undefined;
}

/** `p = malloc(4)`; the export alone where the step is not complete. */
export const stepLabel = (step: Step): string =>
  !isCall(step) && 'call' in step && step.args !== undefined && !Array.isArray(step.args) ? step.call : stepText(step);
