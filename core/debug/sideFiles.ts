/**
 * Files that a module names because they hold its debug information, and the contents that a name may hold itself.
 * Sources: WebAssembly tool-conventions, Debugging.md (`sourceMappingURL`, `external_debug_info`); RFC 2397 (data URLs)
 */
import { t } from '../text/l10n.ts';
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import type { Module } from '../wasm/module.ts';

/**
 * What a file is expected to be: a source map, a module with the DWARF sections that this one lacks, one with the other half
 * of a unit (`.dwo`), or the package of those that lies beside the module under its name (`.dwp`).
 */
export type SideFileKind = 'source-map' | 'debug-module' | 'split-unit' | 'split-package';

/** A file that a module names. */
export interface SideReference {
  kind: SideFileKind;
  /** As the module wrote it: a relative path, an absolute one, a URL. Nothing of it can be trusted. */
  name: string;
  /** Other names to try, in this order: builds are made elsewhere, and their files are moved. */
  also?: readonly string[];
  /** Name of the custom section with the name, and the offset of its contents in the module's file. */
  section: string;
  offset: number;
}

/** What was found under a name: the contents, or one sentence that says why there are none. */
export type SideFile = { bytes: Uint8Array } | { problem: string };

/** Reads the file that a module names; the rules for what may be opened are those of the reader. Never throws. */
export type ReadSideFile = (reference: SideReference) => SideFile;

/** For modules of which nothing but their bytes is known. Contents that are in a name need no file. */
export const NO_SIDE_FILES: ReadSideFile = ({ name }) =>
  inlineContents(name) ?? { problem: t('the file with the debug information is not at hand') };

const KINDS: Readonly<Record<string, SideFileKind>> = {
  sourceMappingURL: 'source-map',
  external_debug_info: 'debug-module',
};
/** A module with more of these sections is broken or hostile; the first ones count. */
const MOST_REFERENCES = 4;
/** Longest name of a file, in bytes. Only a data URL may be longer. */
const LONGEST_NAME = 4096;
/** Longest data URL, in bytes. */
const LONGEST_DATA = 64 << 20;
const IS_DATA = /^data:/i;

/** The files that a module names, in the order of its sections. */
export function sideReferences(module: Pick<Module, 'bytes' | 'sections'>): SideReference[] {
  const found: SideReference[] = [];
  for (const { id, name: section, start, end } of module.sections) {
    const kind = id === 0 && Object.hasOwn(KINDS, section) ? KINDS[section] : undefined;
    if (kind === undefined || found.length === MOST_REFERENCES) continue;
    const name = nameIn(module.bytes, start, end);
    if (name !== undefined) found.push({ kind, name, section, offset: start });
  }
  return found;
}

/** The name in a section; undefined where it is empty, too long or not UTF-8. */
function nameIn(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > LONGEST_DATA) return undefined;
  try {
    const name = new Cursor(bytes, start, end).name();
    return name !== '' && (name.length <= LONGEST_NAME || IS_DATA.test(name)) ? name : undefined;
  } catch (error) {
    if (error instanceof DecodeFailure) return undefined;
    throw error;
  }
}

/** The contents of a data URL; undefined for every other name. */
export function inlineContents(name: string): SideFile | undefined {
  if (!IS_DATA.test(name)) return undefined;
  const comma = name.indexOf(',');
  if (comma < 0) return { problem: t('the data URL with the debug information has no comma') };
  const text = name.slice(comma + 1);
  const bytes = /;\s*base64\s*$/i.test(name.slice(5, Math.min(comma, LONGEST_NAME)))
    ? base64Bytes(text)
    : percentBytes(text);
  return bytes === undefined ? { problem: t('the data URL with the debug information is malformed') } : { bytes };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Value of each character: 64 for those that are skipped, 255 for those that do not belong there. */
const VALUES = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value++) VALUES[ALPHABET.charCodeAt(value)] = value;
// The variant for URLs, padding and white space.
for (const [character, value] of [
  ['-', 62],
  ['_', 63],
  ['=', 64],
  [' ', 64],
  ['\n', 64],
  ['\r', 64],
] as const)
  VALUES[character.charCodeAt(0)] = value;

/** Undefined where a character is not part of base64. */
function base64Bytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let word = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const value = code < 128 ? VALUES[code] : 255;
    if (value === 255) return undefined;
    if (value === 64) continue;
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (word >> bits) & 0xff;
  }
  return bytes.slice(0, length);
}

/** Undefined where an escape is malformed. */
function percentBytes(text: string): Uint8Array | undefined {
  try {
    return new TextEncoder().encode(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}
