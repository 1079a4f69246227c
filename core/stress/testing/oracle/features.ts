/** Which features a program of the oracle exercises: a run of random programs has to have enough of each. */
import { PAGE, type Program } from './program.ts';

/** Names of what a program contains: its model and host, its kinds of memory, its instructions, odd operands. */
export function featuresOf({ model, host, memories, callers }: Program): Set<string> {
  const found = new Set<string>([model, host, `${callers.length} callers`]);
  if (memories.length > 1) found.add('several memories');
  if (memories.some(({ is64 }) => is64)) found.add('memory64');
  if (callers.some((calls) => calls.length > 1)) found.add('several calls');
  for (const step of callers.flat(2)) {
    found.add(step.op === 'wait' ? `wait${step.width * 8}` : step.op);
    if (step.op === 'wait') found.add(step.timeout < 0 ? 'no timeout' : 'timeout');
    if (step.op === 'notify') found.add(`notify ${step.count}`);
    if (step.op.startsWith('global.') && 'global' in step && step.global === 1) found.add('v128 global');
    if ('at' in step && step.at >= PAGE) found.add(step.at >= 2 ** 32 ? 'beyond 4 GiB' : 'beyond the first page');
    if (!('width' in step)) continue;
    const isAtomic = !('atomic' in step) || step.atomic;
    if (step.width === 16) found.add('v128');
    found.add(`${isAtomic ? 'atomic' : 'plain'} of ${step.width}`);
    if (step.at % step.width !== 0) found.add(isAtomic ? 'misaligned atomic' : 'misaligned');
  }
  return found;
}
