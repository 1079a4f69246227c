/** What to do about a kind of export under a sharing model: the host's words, where they fit the model. */

import type { AdviceKind } from '../hosts/profile.ts';
import { t } from '../text/l10n.ts';
import { listOf, quoted } from '../text/phrases.ts';
import { globalName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { modelWords } from './adviceWords.ts';
import type { Findings } from './hazardText.ts';
import type { Analysis } from './model.ts';
import { effectsOf } from './queries.ts';
import { threadInitialiser } from './threadInitialisers.ts';

/** One or two imperative sentences. */
export function adviceFor({ module, analysis, profile }: Findings, kind: AdviceKind): string {
  const ofStack = kind === 'stack' ? stackAdvice(module, analysis) : undefined;
  return ofStack ?? modelWords(analysis, profile, kind) ?? profile.advice[kind];
}

/**
 * On what the stacks of instances over one memory rest: all start with the same stack pointer. Undefined without a stack
 * pointer, and under other models.
 */
export function stackAdvice(module: Module, { model, stackPointer, sharing }: Analysis): string | undefined {
  if (model !== 'shared-memory' || stackPointer < 0 || !sharing.memories.some(({ common }) => common)) return undefined;
  const pointer = quoted(globalName(module, stackPointer));
  if (sharing.ownStacks) {
    const initialiser = threadInitialiser(module);
    return initialiser === undefined
      ? t('The stacks of instances are separate only because the start function sets {0}.', pointer)
      : t(
          'The stacks of instances are separate only because {0} sets {1}; call it in each new instance before any other export.',
          quoted(initialiser),
          pointer,
        );
  }
  const outside = [...module.exports, ...module.imports].filter(
    ({ kind, index }) => kind === 'global' && index === stackPointer,
  );
  if (outside.length > 0 && module.globals[stackPointer].mutable) {
    const names = listOf([...new Set(outside.map(({ name }) => quoted(name)))], 2);
    return t(
      'All instances start with the same stack pointer, so their stacks overlap unless the host sets it: set the global {0} of each instance, before its first call, to the upper end of an area that no other instance uses.',
      names,
    );
  }
  return t(
    'All instances start with the same {0}, and no host can set it, so their stacks overlap. Build the module for threads (wasm32-wasip1-threads, -pthread), export the stack pointer (wasm-ld --export=__stack_pointer) and set it in each instance, or give each thread its own memory.',
    pointer,
  );
}

/** Whether export `position` moves the shadow stack pointer, or uses frames. */
export const usesStack = (analysis: Analysis, position: number): boolean =>
  effectsOf(analysis, analysis.exports[position].func).some((id) => {
    const { cell } = analysis.effects[id];
    return cell.kind === 'stack-pointer' || cell.address?.base === 'stack';
  });
