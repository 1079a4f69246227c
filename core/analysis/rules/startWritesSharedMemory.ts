/** Every new instance runs a start function that writes to a shared memory that other instances may already be using. */

import { namedBytes } from '../../debug/sourceWords.ts';
import { message, t } from '../../text/l10n.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import { memoryName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { type Cell, cellOf } from '../cells.ts';
import { type InstantiationWrites, type ModuleRule, THREADS_PROPOSAL } from './rule.ts';

const INSTANTIATION = {
  label: 'instantiation',
  url: 'https://webassembly.github.io/spec/core/exec/modules.html#instantiation',
};

/** Ranges and exports that a message names. */
const MAX_RANGES = 3;
const MAX_EXPORTS = 3;

/** The rule `start-writes-shared-memory`. */
export const startWritesSharedMemory: ModuleRule = {
  id: 'start-writes-shared-memory',
  group: 'segments',
  defaultSeverity: 'warning',
  title: message('Start function writes a shared memory'),
  summary: message('The start function writes to an imported shared memory each time the module is instantiated.'),
  phrase: [message('writes a shared memory when it starts'), message('write a shared memory when they start')],
  models: ['shared-instance', 'shared-memory', 'isolated', 'cooperative'],
  find({ module, instantiation }) {
    if (instantiation === undefined) return undefined;
    const { cells, offset } = instantiation;
    const [{ index }] = cells;
    const ranges = rangesOf(cells);
    return {
      cell: cellOf('memory', {
        index,
        address: ranges?.length === 1 ? { base: 'static', ...ranges[0] } : { base: 'unknown' },
      }),
      offset,
      message: messageOf(module, instantiation),
    };
  },
  anyHost: {
    text: message('Instantiation runs the start function, as the core specification requires.'),
    sources: [INSTANTIATION, THREADS_PROPOSAL],
  },
};

function messageOf(module: Module, { by, cells, often, against }: InstantiationWrites): string {
  const place = placeOf(module, cells);
  const users = listOf(against.map(quoted), MAX_EXPORTS);
  const isNamed = against.length > 0;
  if (by === '_initialize')
    return isNamed
      ? t(
          '{0} writes {1} each time it is called. If the host calls it in every new instance, {2} may be using it in existing instances meanwhile.',
          quoted(by),
          place,
          users,
        )
      : t(
          '{0} writes {1} each time it is called. If the host calls it in every new instance, existing instances may be using it meanwhile.',
          quoted(by),
          place,
        );
  if (often === 'once')
    return t(
      'The start function writes {0} only where an atomic read-modify-write lets it, as initialisation that happens once does, but nothing in it waits for another instance: {1} may use it too early, unless something else waits.',
      place,
      users,
    );
  if (often === 'always')
    return isNamed
      ? t(
          'The start function writes {0} again in every new instance, while {1} may be using it in existing instances.',
          place,
          users,
        )
      : t(
          'The start function writes {0} again in every new instance, while existing instances may be using it.',
          place,
        );
  return isNamed
    ? t(
        'The start function may write {0} again in every new instance, while {1} may be using it in existing instances: no atomic compare-exchange ensures that only one instance does.',
        place,
        users,
      )
    : t(
        'The start function may write {0} again in every new instance, while existing instances may be using it: no atomic compare-exchange ensures that only one instance does.',
        place,
      );
}

/** `[0,4) and [16,20) of imported shared memory[0]`; `` `counter` ([0,4)) of ... `` where the source is known by now. */
function placeOf(module: Module, cells: readonly Cell[]): string {
  const memory = memoryName(module, cells[0].index ?? 0);
  const ranges = rangesOf(cells)?.map(({ start, end }) => {
    const named = namedBytes(module, cells[0].index ?? 0, start, end);
    return named === undefined ? `[${start},${end})` : `${quoted(named.name)} ([${start},${end}))`;
  });
  return ranges === undefined
    ? t('an unknown part of imported shared {0}', memory)
    : t('{0} of imported shared {1}', listOf(ranges, MAX_RANGES), memory);
}

/** What the cells cover, merged and in order; undefined if an address is unknown. */
function rangesOf(cells: readonly Cell[]): { start: number; end: number }[] | undefined {
  const known: { start: number; end: number }[] = [];
  for (const { address } of cells) {
    if (address?.base !== 'static' || address.global !== undefined) return undefined;
    known.push({ start: address.start, end: address.end });
  }
  const merged: { start: number; end: number }[] = [];
  for (const range of known.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else merged.push(range);
  }
  return merged;
}
