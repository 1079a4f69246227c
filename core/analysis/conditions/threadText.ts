/** Words for whether an export is thread-safe, short for titles and long for people who ask why. */

import { t } from '../../text/l10n.ts';
import { listOf, paragraph, plural, quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { cellText, effectText } from '../cellText.ts';
import type { Analysis } from '../model.ts';
import { type ThreadSafety, threadSafetyOf } from './threads.ts';

/** Cells and exports that a text names. */
const MAX_CELLS = 2;
const MAX_NAMES = 3;

/** What the texts are made from. */
interface Named {
  module: Module;
  analysis: Analysis;
}

/**
 * `thread-compatible (object: parameter 0)`, `thread-hostile`, `not known whether thread-safe`; what else is needed for
 * it to hold is in `threadText`.
 */
export function threadLabel(safety: ThreadSafety): string {
  switch (safety.word) {
    case 'thread-safe':
      return limited(safety.ownInstance ? t('thread-safe with an instance for each caller') : t('thread-safe'), safety);
    case 'thread-compatible': {
      const { except } = safety;
      const objects = objectsText(safety);
      return limited(
        except.length === 0
          ? t('thread-compatible ({0})', objects)
          : t('thread-compatible ({0}), except with {1}', objects, plural(except.length, 'export')),
        safety,
      );
    }
    case 'thread-hostile':
      return safety.confidence === 'possible' ? t('possibly thread-hostile') : t('thread-hostile');
    case 'unknown':
      return t('not known whether thread-safe');
  }
}

/** A label, and how far it goes. */
function limited(label: string, { host, atomics }: ThreadSafety): string {
  if (host && atomics) return t('{0}, as far as the module and single accesses go', label);
  if (host) return t('{0}, as far as the module goes', label);
  return atomics ? t('{0}, as far as single accesses go', label) : label;
}

/** Why export `position` has its word, and what it rests on; sentences. */
export function threadText({ module, analysis }: Named, position: number): string {
  const safety = threadSafetyOf(analysis, position);
  const limits = [
    safety.atomics ? t('Each of its atomic accesses is indivisible; a sequence of them is not.') : '',
    safety.host ? t('It calls the host, which this says nothing about.') : '',
  ];
  switch (safety.word) {
    case 'thread-safe':
      return paragraph([
        safety.ownInstance
          ? t('Thread-safe with an instance for each caller: no conflict found with any call.')
          : t('Thread-safe: no conflict found with any call.'),
        ...limits,
      ]);
    case 'thread-compatible':
      return paragraph([compatibleText(safety), exceptText(analysis, safety), ...limits]);
    case 'thread-hostile': {
      const cells = cellsText(module, analysis, safety);
      return safety.confidence === 'possible'
        ? t('Possibly thread-hostile: it uses {0}, which another call may use at the same time.', cells)
        : t('Thread-hostile: it uses {0}, which concurrent calls share.', cells);
    }
    case 'unknown':
      return t('Not known whether it is thread-safe: it {0}.', accessesText(module, analysis, safety));
  }
}

/** What must hold for calls to run concurrently, a sentence. */
function compatibleText(safety: ThreadSafety): string {
  const { objects, ownData, except } = safety;
  if (objects.length > 0) {
    const different = objects.every(({ range }) => range) ? t('ranges that do not overlap') : t('different objects');
    const parameters = parametersText(objects.map(({ parameter }) => parameter));
    return t(
      'Thread-compatible: no conflict found with calls that get {0} ({1}){2}.',
      different,
      parameters,
      needsText(safety),
    );
  }
  if (ownData)
    return except.length > 0
      ? t(
          'Thread-compatible: no conflict found with other calls whose arguments point to no data of the module that it uses.',
        )
      : t(
          'Thread-compatible: no conflict found with calls whose arguments point to no data of the module that it uses.',
        );
  return except.length > 0
    ? t('Thread-compatible: no conflict found with other calls.')
    : t('Thread-compatible: no conflict found with calls.');
}

/** Which exports conflict with any arguments, a sentence; empty where none do. */
function exceptText({ exports }: Analysis, { except }: ThreadSafety): string {
  if (except.length === 0) return '';
  const names = except.slice(0, MAX_NAMES).map((position) => quoted(exportLabel(exports[position])));
  const others = listOf(names, MAX_NAMES, 'and', except.length);
  return except.length === 1
    ? t('Calls of {0} conflict with any arguments, because it grows the memory or may access any part of it.', others)
    : t('Calls of {0} conflict with any arguments, because they grow the memory or may access any part of it.', others);
}

/**
 * `, as long as these share nothing that they point to`, after a word for objects; empty where nothing is needed. A
 * placeholder of whole sentences, which begins with its own punctuation.
 */
export function needsText({ through, ownData }: Pick<ThreadSafety, 'through' | 'ownData'>): string {
  if (through && ownData)
    return t(
      ', as long as these share nothing that they point to and point to no data of the module that another call uses',
    );
  if (through) return t(', as long as these share nothing that they point to');
  return ownData ? t(', as long as these point to no data of the module that another call uses') : '';
}

/** `object: parameter 0; range: parameter 2`, `no object` where only the arguments of other calls matter. */
function objectsText({ objects }: ThreadSafety): string {
  const of = (range: boolean): number[] => objects.filter((one) => one.range === range).map((one) => one.parameter);
  const [same, ranges] = [of(false), of(true)];
  const objectText =
    same.length === 1 ? t('object: {0}', parametersText(same)) : t('objects: {0}', parametersText(same));
  const rangeText =
    ranges.length === 1 ? t('range: {0}', parametersText(ranges)) : t('ranges: {0}', parametersText(ranges));
  if (same.length > 0) return ranges.length > 0 ? t('{0}; {1}', objectText, rangeText) : objectText;
  return ranges.length > 0 ? rangeText : t('no object');
}

/** `parameter 0`, `parameters 0 and 2`. */
export function parametersText(parameters: readonly number[]): string {
  const names = listOf(parameters.map(String), parameters.length);
  return parameters.length === 1 ? t('parameter {0}', names) : t('parameters {0}', names);
}

/** What an export does that may be anything. */
function accessesText(module: Module, { effects }: Analysis, { causes }: ThreadSafety): string {
  const accesses = [...new Set(causes.map((effect) => effectText(module, effects[effect])))];
  return listOf(accesses, MAX_CELLS);
}

/** The cells that decide the word. */
function cellsText(module: Module, { effects }: Analysis, { causes }: ThreadSafety): string {
  const cells = [...new Set(causes.map((effect) => cellText(module, effects[effect].cell)))];
  return listOf(cells, MAX_CELLS);
}
