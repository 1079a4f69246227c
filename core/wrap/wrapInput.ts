/** What every template is given. */
import type { Analysis } from '../analysis/model.ts';
import type { Module } from '../wasm/module.ts';
import { commentLines, inComment } from './quoting.ts';
import type { LeftOut, Surface } from './surface.ts';
import { bindingsAdvice } from './usage.ts';

export interface WrapInput {
  module: Module;
  analysis: Analysis;
  surface: Surface;
  /** Name of the module in snake case. */
  base: string;
  packageName: string;
  /** Name of the module's file. */
  moduleFile: string;
  evidence: readonly string[];
  /** What users of the host have to know about the template. */
  note: string | undefined;
}

/** Items of a list that are named. */
const MAX_LISTED = 10;

/** The comment at the top: what this is for, why, what is missing. */
export function header(input: WrapInput, title: string, more: readonly string[] = []): string[] {
  const { evidence, note, surface } = input;
  const paragraphs = [
    [title],
    [...evidence],
    note === undefined ? [] : [note],
    ...[...more, ...bindingsAdvice(input)].map((line) => [line]),
    leftOutLines('Left out', surface.leftOut),
    leftOutLines('To be defined by hand, or the module cannot be instantiated', surface.importsLeftOut),
  ].filter((lines) => lines.length > 0);
  return commentLines(paragraphs.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines])));
}

function leftOutLines(title: string, items: readonly LeftOut[]): string[] {
  if (items.length === 0) return [];
  const lines = items.slice(0, MAX_LISTED).map(({ name, why }) => `- ${inComment(name)}: ${why}`);
  const rest = items.length - MAX_LISTED;
  return [`${title}:`, ...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])];
}
