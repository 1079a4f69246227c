/**
 * From bytes to a `Module`. Never throws on bad bytes: it returns what it could read and errors with offsets. Function
 * bodies are only located here; their instructions are read by `analysis/scan.ts` and the printer.
 */
import { t } from '../text/l10n.ts';
import { Cursor, DecodeFailure } from './cursor.ts';
import type { BinaryKind, DecodeError, Functions, Module, Section } from './module.ts';
import { applyOuterNames } from './outerNames/apply.ts';
import { OUTER_NAMES_SECTION, readOuterNames } from './outerNames/section.ts';
import { readCode } from './sections/code.ts';
import {
  readExports,
  readFunctions,
  readGlobals,
  readMemories,
  readStart,
  readTables,
  readTags,
} from './sections/definitions.ts';
import { readImports, type Spaces } from './sections/imports.ts';
import { emptyNames, readNames } from './sections/names.ts';
import { readDataSegments, readElements } from './sections/segments.ts';
import { readTypes } from './sections/types.ts';
import { joinStructure } from './structure.ts';

const SECTION_NAMES = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'code',
  'data',
  'data count',
  'tag',
] as const;

/** Position of each section id in the order that the specification requires. */
const ORDER = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6];

/** Options of `decodeModule`. */
export interface DecodeOptions {
  /** Skip `@webassemblyjs/wasm-parser`: for tests and for measuring our own reader. */
  ownStructureOnly?: boolean;
}

/**
 * Decodes a whole binary. Never throws: what is malformed is missing from the module and listed in `errors`. `bytes`
 * may be shared memory; the module refers to it without copying, so it must not change afterwards.
 */
export function decodeModule(bytes: Uint8Array, options: DecodeOptions = {}): Module {
  const module = emptyModule(bytes);
  module.kind = kindOf(bytes, module.errors);
  if (module.kind !== 'module') return module;
  module.sections = readSections(bytes, module.errors);
  const spaces: Spaces = {
    imports: module.imports,
    functionTypes: [],
    tables: module.tables,
    memories: module.memories,
    globals: module.globals,
    tags: module.tags,
  };
  let importedFunctions = 0;
  for (const section of module.sections) {
    readSection(section, module, spaces);
    if (section.id === 2) importedFunctions = spaces.functionTypes.length;
    // The code section needs the function index space, which is complete after section 3.
    if (section.id === 3) module.functions = functionSpace(spaces.functionTypes, importedFunctions);
  }
  if (module.functions.typeIndex.length === 0)
    module.functions = functionSpace(spaces.functionTypes, importedFunctions);
  checkBodies(module);
  takeOuterNames(module);
  if (!options.ownStructureOnly && module.errors.length === 0) joinStructure(module);
  return module;
}

function emptyModule(bytes: Uint8Array): Module {
  return {
    bytes,
    kind: 'unknown',
    sections: [],
    types: [],
    imports: [],
    functions: functionSpace([], 0),
    tables: [],
    memories: [],
    globals: [],
    tags: [],
    exports: [],
    start: undefined,
    elements: [],
    data: [],
    dataCount: undefined,
    names: emptyNames(),
    structureFrom: 'own',
    errors: [],
  };
}

function functionSpace(types: readonly number[], imported: number): Functions {
  const defined = types.length - imported;
  return {
    imported,
    typeIndex: Uint32Array.from(types),
    entry: new Uint32Array(defined),
    bodyStart: new Uint32Array(defined),
    bodyEnd: new Uint32Array(defined),
  };
}

/** Names from files beside the module come last, in a section that is not the file's. */
function takeOuterNames(module: Module): void {
  const last = module.sections.at(-1);
  if (last?.id !== 0 || last.name !== OUTER_NAMES_SECTION) return;
  module.sections.pop();
  applyOuterNames(module, readOuterNames(module.bytes.subarray(last.start, last.end)));
}

/** Reads the eight bytes of the header: magic number, version, layer. */
function kindOf(bytes: Uint8Array, errors: DecodeError[]): BinaryKind {
  if (bytes.length === 0) {
    errors.push({ offset: 0, message: t('the file is empty') });
    return 'unknown';
  }
  const magic = [0x00, 0x61, 0x73, 0x6d];
  if (magic.some((byte, i) => bytes[i] !== byte)) {
    errors.push({
      offset: 0,
      message: t('not WebAssembly: the file does not start with the magic number 00 61 73 6d'),
    });
    return 'unknown';
  }
  if (bytes.length < 8) {
    errors.push({ offset: bytes.length, message: t('unexpected end in the header') });
    return 'unknown';
  }
  const version = bytes[4] | (bytes[5] << 8);
  const layer = bytes[6] | (bytes[7] << 8);
  if (layer === 1) return 'component';
  if (version !== 1 || layer !== 0) {
    errors.push({ offset: 4, message: t('unknown binary version {0}, layer {1}', version, layer) });
    return 'unknown';
  }
  return 'module';
}

/** Most section errors: a file with more is garbage, and further errors say nothing. */
const MAX_SECTION_ERRORS = 20;

/** Section headers of the whole file, up to the first section whose size does not fit. */
function readSections(bytes: Uint8Array, errors: DecodeError[]): Section[] {
  const sections: Section[] = [];
  const c = new Cursor(bytes, 8, bytes.length);
  let last = 0;
  try {
    while (!c.atEnd()) {
      if (errors.length >= MAX_SECTION_ERRORS) c.fail(t('too many malformed sections: the rest is not read'));
      const offset = c.pos;
      const id = c.u8();
      const size = c.u32();
      const available = c.end - c.pos;
      const end = c.pos + Math.min(size, available);
      const section: Section = { id, name: SECTION_NAMES[id] ?? t('section {0}', id), offset, start: c.pos, end };
      if (size > available)
        errors.push({
          offset,
          message: t('{0} section of {1} bytes ends after the file, which has {2} left', section.name, size, available),
        });
      c.pos = end;
      if (id === 0) {
        if (!nameCustomSection(bytes, section, errors)) continue;
      } else if (id >= ORDER.length) {
        errors.push({ offset, message: t('malformed section id {0}', id) });
        continue;
      } else if (ORDER[id] <= last) {
        errors.push({ offset, message: t('unexpected {0} section: out of order or repeated', section.name) });
        continue;
      } else {
        last = ORDER[id];
      }
      sections.push(section);
    }
  } catch (error) {
    errors.push(asDecodeError(error));
  }
  return sections;
}

/**
 * Moves `start` behind the name. Returns false for a malformed name, which is an error of the module and makes only
 * this section unreadable.
 */
function nameCustomSection(bytes: Uint8Array, section: Section, errors: DecodeError[]): boolean {
  const c = new Cursor(bytes, section.start, section.end);
  try {
    section.name = c.name();
    section.start = c.pos;
    return true;
  } catch (error) {
    errors.push(asDecodeError(error));
    return false;
  }
}

function readSection(section: Section, module: Module, spaces: Spaces): void {
  const c = new Cursor(module.bytes, section.start, section.end);
  try {
    switch (section.id) {
      case 0:
        if (section.name === 'name') readNames(module.bytes, section.start, section.end, module.names);
        return;
      case 1:
        readTypes(c, module.types);
        break;
      case 2:
        readImports(c, spaces);
        break;
      case 3:
        readFunctions(c, spaces);
        break;
      case 4:
        readTables(c, spaces);
        break;
      case 5:
        readMemories(c, spaces);
        break;
      case 6:
        readGlobals(c, spaces);
        break;
      case 7:
        readExports(c, module.exports);
        break;
      case 8:
        module.start = readStart(c);
        break;
      case 9:
        readElements(c, module.elements);
        break;
      case 10:
        readCode(c, module.functions, module.errors);
        break;
      case 11:
        readDataSegments(c, module.data);
        break;
      case 12:
        module.dataCount = c.u32();
        break;
      case 13:
        readTags(c, spaces);
        break;
    }
    if (!c.atEnd()) c.fail(t('{0} section has {1} bytes too many', section.name, c.end - c.pos));
  } catch (error) {
    module.errors.push(asDecodeError(error));
  }
}

/** Reports functions without a body, and a number of data segments other than announced. */
function checkBodies(module: Module): void {
  const code = module.sections.find((s) => s.id === 10);
  if (!code && module.functions.entry.length > 0) {
    const declared = module.sections.find((s) => s.id === 3);
    module.errors.push({
      offset: declared?.offset ?? module.bytes.length,
      message: t('{0} functions have no code section', module.functions.entry.length),
    });
  }
  if (module.dataCount !== undefined && module.dataCount !== module.data.length) {
    const section = module.sections.find((s) => s.id === 12);
    module.errors.push({
      offset: section?.start ?? 0,
      message: t('data count is {0}, the data section has {1} segments', module.dataCount, module.data.length),
    });
  }
}

/** Turns a failure into an error with its offset; rethrows anything else, which is a defect of this program. */
function asDecodeError(error: unknown): DecodeError {
  if (error instanceof DecodeFailure) return { offset: error.offset, message: error.message };
  throw error;
}
