/**
 * The steps of a caller around a call: allocate memory with the module's allocator, write to it, call, read from it,
 * free it. A lock has to be held for all of them.
 */
import { isWrite } from '../analysis/cells.ts';
import { message, t, translated } from '../text/l10n.ts';
import { listOf, quoted } from '../text/phrases.ts';
import { exportLabel } from '../wasm/displayNames.ts';
import { I32, I64, type ValType } from '../wasm/types.ts';
import type { AdviceFacts } from './facts.ts';
import { exportsText, lockText } from './wording.ts';

const isInteger = (type: ValType): boolean => type === I32 || type === I64;

/**
 * Whether a call reads (`in`) or writes (`out`) memory of its caller: in its own body, at addresses that it gets as
 * parameters. `guess`: unknown addresses count, too, as in a loop over an allocated block.
 */
function buffersOf({ module, analysis }: AdviceFacts, position: number, guess: boolean): { in: boolean; out: boolean } {
  const used = { in: false, out: false };
  const { func } = analysis.exports[position];
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  const reachable = module.exports.some(({ kind }) => kind === 'memory') || module.memories[0]?.imported;
  if (!reachable || type?.kind !== 'func' || !type.params.some(isInteger)) return used;
  const { facts, effects } = analysis;
  for (let i = facts.start[func]; i < facts.start[func + 1]; i++) {
    const effect = effects[facts.effect[i]];
    const { cell } = effect;
    const base = cell.kind === 'memory' ? cell.address?.base : undefined;
    if (base !== 'parameter' && !(guess && base === 'unknown')) continue;
    if (isWrite(effect)) used.out = true;
    else used.in = true;
  }
  return used;
}

const COUNTS = [message('no'), message('one'), message('two'), message('three'), message('four'), message('five')];
/** With more exports than that, the sentence says `every call into the instance`. */
const MANY = 8;

/**
 * A sentence about the critical section around calls of exports: `` Hold one sync.Mutex around the whole of `malloc`,
 * Memory().Write, `f` and `free`: one critical section, not four. ``
 */
export function criticalSection(facts: AdviceFacts, positions: readonly number[]): string {
  const { analysis, allocator } = facts;
  const { write, read } = facts.profile.remedy;
  const lock = lockText(facts);
  const { allocate, free, all } = allocator;
  const calls = positions.filter((position) => !all.has(position));
  const uses = new Map(calls.map((position) => [position, buffersOf(facts, position, allocate >= 0)]));
  const consumers = calls.filter((position) => uses.get(position)?.in || uses.get(position)?.out);
  const allocates = allocate >= 0 && (calls.length < positions.length || consumers.length > 0);
  if (!allocates && consumers.length === 0) {
    const names = exportsText(facts, positions);
    return positions.length > MANY && facts.analysis.model !== 'shared-memory'
      ? t('Hold {0} around every call into the instance: calls of {1}.', lock, names)
      : t('Hold {0} around every call of {1}.', lock, names);
  }
  const name = (position: number): string => quoted(exportLabel(analysis.exports[position]));
  const steps = [
    ...(allocates ? [name(allocate)] : []),
    ...(allocates || consumers.some((position) => uses.get(position)?.in) ? [write] : []),
    consumers.length > 0 ? exportsText(facts, consumers, 'or') : t('the calls that use the block'),
    ...(allocates || consumers.some((position) => uses.get(position)?.out) ? [read] : []),
    ...(allocates && free >= 0 ? [name(free)] : []),
  ];
  const list = listOf(steps, steps.length);
  const count = translated(COUNTS[steps.length]);
  const named = new Set([allocate, free, ...consumers]);
  const others = positions.filter((position) => !named.has(position));
  if (others.length === 0)
    return t('Hold {0} around the whole of {1}: one critical section, not {2}.', lock, list, count);
  return t(
    'Hold {0} around the whole of {1}: one critical section, not {2}; calls of {3} take the same lock.',
    lock,
    list,
    count,
    exportsText(facts, others),
  );
}
