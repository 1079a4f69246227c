/** C for Wasmtime: how memory 0 is reached. */
import type { WrapInput } from '../../wrapInput.ts';

/** How memory 0 is reached, if it is. */
export type MemoryAccess = 'exported' | 'exported-shared' | 'imported' | 'common' | undefined;

/** `exported`: by its name. `imported`: the wrapper made it. */
export function memoryAccess({ surface, module }: WrapInput): MemoryAccess {
  if (!surface.memory) return undefined;
  const [first] = module.memories;
  const given = first.imported && surface.state.some(({ kind }) => kind === 'memory');
  if (first.limits.shared && given && surface.commonMemory) return 'common';
  if (surface.memoryExport !== undefined) return first.limits.shared ? 'exported-shared' : 'exported';
  return given ? 'imported' : undefined;
}
