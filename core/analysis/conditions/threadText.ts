/** Words for whether an export is thread-safe, short for titles and long for people who ask why. */

import { listOf, plural, quoted } from '../../text/phrases.ts';
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
  const limits = [...(safety.host ? ['the module'] : []), ...(safety.atomics ? ['single accesses'] : [])];
  const verb = limits.length === 1 && safety.host ? 'goes' : 'go';
  const limit = limits.length === 0 ? '' : `, as far as ${limits.join(' and ')} ${verb}`;
  switch (safety.word) {
    case 'thread-safe':
      return `thread-safe${safety.ownInstance ? ' with an instance for each caller' : ''}${limit}`;
    case 'thread-compatible': {
      const { except } = safety;
      const exception = except.length === 0 ? '' : `, except with ${plural(except.length, 'export')}`;
      return `thread-compatible (${objectsText(safety)})${exception}${limit}`;
    }
    case 'thread-hostile':
      return safety.confidence === 'possible' ? 'possibly thread-hostile' : 'thread-hostile';
    case 'unknown':
      return 'not known whether thread-safe';
  }
}

/** Why export `position` has its word, and what it rests on; sentences. */
export function threadText({ module, analysis }: Named, position: number): string {
  const safety = threadSafetyOf(analysis, position);
  const limits = [
    ...(safety.atomics ? [' Each of its atomic accesses is indivisible; a sequence of them is not.'] : []),
    ...(safety.host ? [' It calls the host, which this says nothing about.'] : []),
  ].join('');
  switch (safety.word) {
    case 'thread-safe':
      return `Thread-safe${safety.ownInstance ? ' with an instance for each caller' : ''}: no conflict found with any call.${limits}`;
    case 'thread-compatible':
      return `Thread-compatible: ${compatibleText(analysis, safety)}.${limits}`;
    case 'thread-hostile': {
      const cells = cellsText(module, analysis, safety);
      return safety.confidence === 'possible'
        ? `Possibly thread-hostile: it uses ${cells}, which another call may use at the same time.`
        : `Thread-hostile: it uses ${cells}, which concurrent calls share.`;
    }
    case 'unknown':
      return `Not known whether it is thread-safe: it ${accessesText(module, analysis, safety)}.`;
  }
}

/** What must hold for calls to run concurrently; sentences without the last full stop. */
function compatibleText(analysis: Analysis, safety: ThreadSafety): string {
  const { objects, ownData, except } = safety;
  const others = listOf(
    except.slice(0, MAX_NAMES).map((position) => quoted(exportLabel(analysis.exports[position]))),
    MAX_NAMES,
    'and',
    except.length,
  );
  const one = except.length === 1;
  const exception =
    except.length === 0
      ? ''
      : `. Calls of ${others} conflict with any arguments, because ${one ? 'it grows' : 'they grow'} the memory or may access any part of it`;
  if (objects.length === 0) {
    const data = ownData ? ' whose arguments point to no data of the module that it uses' : '';
    return `no conflict found with${except.length > 0 ? ' other' : ''} calls${data}${exception}`;
  }
  const different = objects.every(({ range }) => range) ? 'ranges that do not overlap' : 'different objects';
  const parameters = parametersText(objects.map(({ parameter }) => parameter));
  return `no conflict found with calls that get ${different} (${parameters})${needsText(safety)}${exception}`;
}

/** `, as long as these share nothing that they point to`, after a word for objects; empty where nothing is needed. */
export function needsText({ through, ownData }: Pick<ThreadSafety, 'through' | 'ownData'>): string {
  const needs = [
    ...(through ? ['share nothing that they point to'] : []),
    ...(ownData ? ['point to no data of the module that another call uses'] : []),
  ];
  return needs.length === 0 ? '' : `, as long as these ${needs.join(' and ')}`;
}

/** `object: parameter 0; range: parameter 2`, `no object` where only the arguments of other calls matter. */
function objectsText({ objects }: ThreadSafety): string {
  const of = (range: boolean): number[] => objects.filter((one) => one.range === range).map((one) => one.parameter);
  const part = (parameters: readonly number[], noun: string): string[] =>
    parameters.length === 0 ? [] : [`${noun}${parameters.length === 1 ? '' : 's'}: ${parametersText(parameters)}`];
  return [...part(of(false), 'object'), ...part(of(true), 'range')].join('; ') || 'no object';
}

/** `parameter 0`, `parameters 0 and 2`. */
export const parametersText = (parameters: readonly number[]): string =>
  `parameter${parameters.length === 1 ? '' : 's'} ${listOf(parameters.map(String), parameters.length)}`;

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
