/** What callers of generated code have to know about the module, whatever the language: paragraphs of its first comment. */

import type { Analysis } from '../analysis/model.ts';
import { stackAdvice } from '../analysis/modelAdvice.ts';
import { canBlock } from '../analysis/waiting.ts';
import { nameInComment } from '../harmless/code.ts';
import { listOf } from '../text/phrases.ts';
import type { Module } from '../wasm/module.ts';
import type { WrapKind } from './template.ts';

/** Exports that one sentence names. */
const MAX_NAMED = 6;

/** Calls that a lock can keep waiting forever, and stacks that overlap; none where neither is so. */
export function warningsOf(module: Module, analysis: Analysis, kind: WrapKind): string[] {
  const waiting = analysis.exports.filter((_, position) => canBlock(analysis, position));
  const warnings: string[] = [];
  if (kind === 'mutex' && waiting.length > 0) {
    const names = listOf(
      waiting.slice(0, MAX_NAMED).map(({ name }) => nameInComment(name)),
      MAX_NAMED,
      'and',
      waiting.length,
    );
    warnings.push(
      `${names} can wait for a notification from another call. Under the lock, no other call can run: a call that waits holds the lock forever. Do not use the lock for calls that wait for each other.`,
    );
  }
  const stacks = stackAdvice(module, analysis);
  if (stacks !== undefined) warnings.push(stacks);
  return warnings;
}
