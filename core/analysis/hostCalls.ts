/**
 * What a call of an imported function is known to do to the module's own state: WASI functions write their results
 * through pointers. Other imports are only "a call of the host".
 */
import { READ, WRITE } from './effectTable.ts';
import { isWasi } from './hostImports.ts';
import type { ScannerState } from './scannerState.ts';
import { OUT_POINTERS } from './wasiResults.ts';

/** Records the call of imported function `callee` whose operands end below `height`. */
export function callHost(s: ScannerState, callee: number, height: number, site: number): void {
  const { out, module } = s;
  out.effect(s.hostCall[callee], site);
  const imported = s.importedFunctions[callee];
  if (!isWasi(imported) || module.memories.length === 0) return;
  // The names come from the module and may be anything, `toString` for example.
  const outPointers = Object.hasOwn(OUT_POINTERS, imported.name) ? OUT_POINTERS[imported.name] : undefined;
  const memory = (access: number, at: number, width: number) =>
    out.effect(out.table.memory(0, access, at < 0 ? 0 : s.bases[at], at < 0 ? 0 : s.values[at], 0, width), site);
  if (outPointers === undefined) {
    // `fd_read` and similar functions fill buffers that a list in memory describes.
    memory(READ, -1, 0);
    memory(WRITE, -1, 0);
    return;
  }
  const first = height - s.arity.params[module.functions.typeIndex[callee]];
  for (const [parameter, size] of outPointers) {
    const at = first + parameter;
    const given = first - size;
    const width = size >= 0 ? size : s.bases[given] === 1 ? s.values[given] >>> 0 : 0;
    if (at < height) memory(WRITE, at, width);
  }
  if (imported.name.endsWith('write') || imported.name === 'sock_send') memory(READ, -1, 0);
}
