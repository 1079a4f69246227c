/**
 * Finds the files beside a module that know names which the module has lost: Emscripten's JavaScript and symbol maps. They
 * are read as text, within limits, and never run.
 */
import { decodeModule } from '../wasm/decode.ts';
import { emscriptenNames } from '../wasm/outerNames/emscripten.ts';
import { GLUE_ENDS, SYMBOL_MAP_ENDS } from '../wasm/outerNames/files.ts';
import { hasNames, joinedNames, NO_OUTER_NAMES, type OuterNames } from '../wasm/outerNames/model.ts';
import { withOuterNames } from '../wasm/outerNames/section.ts';
import { symbolMapNames } from '../wasm/outerNames/symbols.ts';

/** Largest file that is read, in bytes. */
export const MOST_NAME_BYTES = 16 << 20;

/** Reads one text; undefined where there is none, or it is too large. Never rejects. */
export type ReadText = (path: string) => Promise<string | undefined>;

/**
 * The module at `path`, a path or a URI, with the names that files beside it know; the same bytes where there are none.
 * `read`: how to read those files.
 */
export async function withNamesBeside(path: string, bytes: Uint8Array, read: ReadText): Promise<Uint8Array> {
  const stem = /^(.+)\.wasm$/i.exec(path)?.[1];
  if (stem === undefined) return bytes;
  const glue = await found(
    GLUE_ENDS.map((end) => stem + end),
    read,
  );
  const symbols = await found(
    SYMBOL_MAP_ENDS.map((end) => stem + end),
    read,
  );
  if (glue.length + symbols.length === 0) return bytes;
  const module = decodeModule(bytes, { ownStructureOnly: true });
  if (module.kind !== 'module' || module.errors.length > 0) return bytes;
  let names: OuterNames = NO_OUTER_NAMES;
  for (const text of glue) {
    names = emscriptenNames(text, module);
    if (hasNames(names)) break;
  }
  for (const text of symbols) names = joinedNames(names, symbolMapNames(text, module));
  return withOuterNames(bytes, names);
}

async function found(paths: readonly string[], read: ReadText): Promise<string[]> {
  const texts = await Promise.all(paths.map(read));
  return texts.filter((text) => text !== undefined);
}
