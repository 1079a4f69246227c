/**
 * Steps of a protocol: calls whose results have names, accesses that the host makes to the guest's memory, and
 * expectations. The short form `["export", ...arguments]` is a call without a name.
 */
import { NUMBER_TYPES, type NumberType } from './expression.ts';

/**
 * An argument: a number; `i64` also as decimal string; floats also as `"nan"`, `"inf"`, `"-inf"`; references only null;
 * a string with `$` is an expression of named results.
 */
export type Argument = number | string | null;

/** An exported function and its arguments. */
export type Call = [name: string, ...args: Argument[]];

/** A call whose result can have a name; those of a function with several results are listed. */
export interface CallStep {
  call: string;
  args?: Argument[];
  as?: string | string[];
}

/** Where the host accesses memory: an address or an expression; of the memory `memory` (export name or index), else of the export `memory`, else of the first. */
interface HostAccess {
  memory?: string | number;
}

/** The ways in which a step gives bytes, each with its value. */
export const CONTENT_KEYS = ['utf8', 'hex', 'base64', ...NUMBER_TYPES] as const;
export type ContentKey = (typeof CONTENT_KEYS)[number];

/** The host writes bytes; exactly one of the keys that say which. */
export interface WriteStep extends HostAccess, Partial<Record<ContentKey, number | string>> {
  write: number | string;
}

/** How the bytes that the host reads are understood: text, bytes as hexadecimal digits, or a number. */
export const READ_TYPES = ['utf8', 'bytes', ...NUMBER_TYPES] as const;
export type ReadType = 'utf8' | 'bytes' | NumberType;

/** The host reads bytes. `length` is for text and bytes; text without it ends before its first zero byte. */
export interface ReadStep extends HostAccess {
  read: number | string;
  length?: number | string;
  type?: ReadType;
  as?: string;
}

/** An expression that must hold; see expression.ts. */
export interface ExpectStep {
  expect: string;
}

/** What a caller does at one point of its sequence. */
export type Step = Call | CallStep | WriteStep | ReadStep | ExpectStep;

/** Whether a step is a call in its short form. */
export const isCall = (step: Step): step is Call => Array.isArray(step);

/** The export that a step calls; undefined for other steps. */
export function calledExport(step: Step): string | undefined {
  if (isCall(step)) return step[0];
  return 'call' in step ? step.call : undefined;
}

/** A call in its short form; undefined for other steps. */
export function callIn(step: Step): Call | undefined {
  if (isCall(step)) return step;
  return 'call' in step ? [step.call, ...(step.args ?? [])] : undefined;
}

/** Names of the exports that steps call, in order. */
export const callsOf = (steps: readonly Step[]): string[] => steps.flatMap((step) => calledExport(step) ?? []);

/** The names of a step's results: none, one, or one for each result of a call. */
export function resultNames(step: Step): readonly string[] {
  if (isCall(step) || !('as' in step) || step.as === undefined) return [];
  return typeof step.as === 'string' ? [step.as] : step.as;
}

/** The content that a write gives. */
export function contentOf(step: WriteStep): { key: ContentKey; value: number | string } | undefined {
  for (const key of CONTENT_KEYS) {
    const value = step[key];
    if (value !== undefined) return { key, value };
  }
  return undefined;
}

/** `put(0, 1000)`, `p = malloc(4)`, `write $p "Lena"`: a step as people write it. */
export function stepText(step: Step): string {
  if (isCall(step)) return `${step[0] || '""'}(${step.slice(1).map(String).join(', ')})`;
  if ('expect' in step) return `expect ${step.expect}`;
  if ('call' in step)
    return named(resultNames(step), `${step.call || '""'}(${(step.args ?? []).map(String).join(', ')})`);
  if ('write' in step) {
    const content = contentOf(step);
    const value =
      content === undefined
        ? ''
        : content.key === 'utf8'
          ? JSON.stringify(content.value)
          : `${content.key} ${content.value}`;
    return `write ${step.write}${inMemory(step)} ${value}`;
  }
  const length = step.length === undefined ? '' : ` length ${step.length}`;
  return named(resultNames(step), `read ${step.read}${inMemory(step)}${length} ${step.type ?? defaultType(step)}`);
}

/** The same without the name of its result. */
export function unnamedText(step: Step): string {
  if (isCall(step) || !('as' in step)) return stepText(step);
  const { as: _, ...rest } = step;
  return stepText(rest);
}

/** How traces and races call what the host does to memory in a step. */
export const hostAccessText = (step: Step): string => `host ${unnamedText(step)}`;

const named = (names: readonly string[], text: string): string =>
  names.length === 0 ? text : `${names.join(', ')} = ${text}`;

const inMemory = ({ memory }: HostAccess): string => (memory === undefined ? '' : ` of memory ${memory}`);

/** What a read without a type reads: bytes of a given length, else text. */
export const defaultType = ({ length }: ReadStep): ReadType => (length === undefined ? 'utf8' : 'bytes');
