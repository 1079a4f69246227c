/** Exports that could end a wait or a loop: those that notify an address, or write it. */
import { type Effect, isWrite } from '../../../analysis/cells.ts';
import type { Analysis } from '../../../analysis/model.ts';
import { effectsOf } from '../../../analysis/queries.ts';

/** Most exports that are named. */
const MAX_EXPORTS = 8;

/**
 * Exports that notify (or write) an address of a memory, those that certainly do first. `key`: number of the memory and
 * address.
 */
export function whoEnds(
  analysis: Analysis,
  key: string,
  how: 'notifies' | 'writes',
): { name: string; sure: boolean }[] {
  const [memory, address] = key.split(' ').map(Number);
  if (!Number.isFinite(memory) || !Number.isFinite(address)) return [];
  const found = analysis.exports.flatMap(({ name, func }) => {
    const reaches = effectsOf(analysis, func)
      .map((id) => analysis.effects[id])
      .filter((effect) => (how === 'writes' ? isWrite(effect) : isNotify(effect)))
      .map((effect) => meets(effect, memory, address));
    return reaches.some((one) => one !== 'no') ? [{ name, sure: reaches.includes('yes') }] : [];
  });
  return found.toSorted((a, b) => Number(b.sure) - Number(a.sure)).slice(0, MAX_EXPORTS);
}

/** Only `memory.atomic.notify` is an atomic access that touches no bytes. */
const isNotify = ({ cell, access, widths, waits }: Effect): boolean =>
  cell.kind === 'memory' && access === 'atomic-read' && widths === undefined && waits !== true;

function meets({ cell }: Effect, memory: number, address: number): 'yes' | 'maybe' | 'no' {
  if (cell.kind !== 'memory' || (cell.index !== undefined && cell.index !== memory)) return 'no';
  if (cell.address?.base !== 'static' || cell.address.global !== undefined) return 'maybe';
  return cell.address.start <= address && address < cell.address.end ? 'yes' : 'no';
}
