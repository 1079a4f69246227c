/**
 * From bytes to a `Component`. Never throws on bad bytes: it returns what it could read, and errors with offsets. Sections
 * about types, instances and canonical functions are skipped: they say how core modules are wired, not what these do.
 */
import { message, t } from '../../text/l10n.ts';
import { Cursor, DecodeFailure } from '../cursor.ts';
import type { Component, ComponentItem, ComponentKind } from './component.ts';

/** Ids of the sections that are read. */
const CUSTOM = 0;
const CORE_MODULE = 1;
const COMPONENT = 4;
const ALIAS = 6;
const IMPORT = 10;
const EXPORT = 11;
const LAST_SECTION = 12;

/** Deepest nesting of components that is read. */
const MOST_DEPTH = 100;
/** Most core modules and most imports or exports that are read. */
const MOST_MODULES = 1000;
const MOST_ITEMS = 100_000;
const MOST_ERRORS = 20;

/** Whether the header is that of a component. */
export const isComponent = (bytes: Uint8Array): boolean =>
  bytes.length >= 8 &&
  bytes[0] === 0 &&
  bytes[1] === 0x61 &&
  bytes[2] === 0x73 &&
  bytes[3] === 0x6d &&
  bytes[6] === 1 &&
  bytes[7] === 0;

/** Decodes a whole component. Never throws; `bytes` that are none give one error. */
export function decodeComponent(bytes: Uint8Array): Component {
  const component: Component = { name: undefined, imports: [], exports: [], modules: [], nested: 0, errors: [] };
  if (isComponent(bytes)) readComponent(component, bytes, 0, bytes.length, 0);
  else component.errors.push({ offset: 0, message: t('not a component: its header is another one') });
  return component;
}

/** Reads a component and those inside it. Only the outermost one (`depth` 0) has the imports and exports of the world. */
function readComponent(component: Component, bytes: Uint8Array, start: number, end: number, depth: number): void {
  const { errors, modules } = component;
  /** The index space of core modules: positions in `modules`, -1 for modules from elsewhere. */
  const own: number[] = [];
  const c = new Cursor(bytes, start + 8, end);
  try {
    while (!c.atEnd() && errors.length < MOST_ERRORS) {
      const offset = c.pos;
      const id = c.u8();
      const size = c.u32();
      if (size > c.end - c.pos)
        c.fail(
          t('section {0} of {1} bytes ends after the component, which has {2} left', id, size, c.end - c.pos),
          offset,
        );
      const [from, to] = [c.pos, c.pos + size];
      c.skip(size);
      if (id > LAST_SECTION) c.fail(t('malformed section id {0}', id), offset);
      if (id === CORE_MODULE) {
        if (modules.length >= MOST_MODULES)
          c.fail(t('more than {0} core modules: the rest is not read', MOST_MODULES), offset);
        own.push(modules.length);
        modules.push({ number: modules.length + 1, name: undefined, start: from, end: to });
      } else if (id === COMPONENT) {
        if (depth >= MOST_DEPTH) c.fail(t('components are nested more than {0} deep', MOST_DEPTH), offset);
        component.nested++;
        if (isComponent(bytes.subarray(from, to))) readComponent(component, bytes, from, to, depth + 1);
        else errors.push({ offset: from, message: t('malformed header of a component inside the component') });
      } else if (id === CUSTOM) readNames(component, new Cursor(bytes, from, to), own, depth);
      else if (id === IMPORT || id === EXPORT) {
        const items = readItems(component, new Cursor(bytes, from, to), id === IMPORT);
        for (const { kind } of items) if (kind === 'core module') own.push(-1);
        if (depth === 0) for (const item of items) (id === IMPORT ? component.imports : component.exports).push(item);
      } else if (id === ALIAS) readAliases(component, new Cursor(bytes, from, to), own);
    }
  } catch (error) {
    note(component, error);
  }
}

function note({ errors }: Component, error: unknown): void {
  if (!(error instanceof DecodeFailure)) throw error;
  errors.push({ offset: error.offset, message: error.message });
}

/** Items before a malformed one are kept. */
function readItems(component: Component, c: Cursor, imports: boolean): ComponentItem[] {
  const items: ComponentItem[] = [];
  try {
    const count = c.count(imports ? message('imports') : message('exports'), 3, MOST_ITEMS);
    for (let i = 0; i < count; i++) items.push(imports ? readImport(c) : readExport(c));
    if (!c.atEnd()) c.fail(t('{0} section has {1} bytes too many', imports ? 'import' : 'export', c.end - c.pos));
  } catch (error) {
    note(component, error);
  }
  return items;
}

/** Adds the core modules among the aliases to their index space `own`. */
function readAliases(component: Component, c: Cursor, own: number[]): void {
  try {
    for (let count = c.count(message('aliases'), 3, MOST_ITEMS); count > 0; count--) {
      const sort = c.u8();
      // Core items have a second byte.
      const core = sort === 0 ? c.u8() : undefined;
      const at = c.pos;
      const target = c.u8();
      if (target > 2) c.fail(t('malformed target of an alias'), at);
      c.u32();
      // Of an export of an instance, by name; or of an item of a component around this one, by index.
      if (target === 2) c.u32();
      else c.name();
      if (core === CORE_MODULE_SORT) own.push(-1);
    }
  } catch (error) {
    note(component, error);
  }
}

function readImport(c: Cursor): ComponentItem {
  const offset = c.pos;
  const name = readName(c);
  return { name, kind: readDescription(c), offset };
}

function readExport(c: Cursor): ComponentItem {
  const offset = c.pos;
  const name = readName(c);
  const kind = readSort(c);
  c.u32();
  const at = c.pos;
  const described = c.u8();
  if (described > 1) c.fail(t('malformed type of an export'), at);
  if (described === 1) readDescription(c);
  return { name, kind, offset };
}

/** A byte for the form of the name, the name, and for form 2 options: a list of strings. */
function readName(c: Cursor): string {
  const at = c.pos;
  const form = c.u8();
  if (form > 2) c.fail(t('malformed form of a name'), at);
  const name = c.name();
  if (form === 2) {
    for (let options = c.count(message('options of a name'), 2, 16); options > 0; options--) {
      c.u8();
      c.name();
    }
  }
  return name;
}

const KINDS: readonly (ComponentKind | undefined)[] = [undefined, 'func', 'value', 'type', 'component', 'instance'];
const CORE_MODULE_SORT = 0x11;

function readSort(c: Cursor): ComponentKind {
  const at = c.pos;
  const sort = c.u8();
  if (sort === 0) {
    if (c.u8() !== CORE_MODULE_SORT) c.fail(t('malformed core sort: only core modules are exported'), at);
    return 'core module';
  }
  return KINDS[sort] ?? c.fail(t('malformed sort'), at);
}

/** The type that an import or export must have. */
function readDescription(c: Cursor): ComponentKind {
  const kind = readSort(c);
  const at = c.pos;
  switch (kind) {
    case 'value':
      // Equal to a value, or of a type.
      if (c.u8() === 0) c.u32();
      else c.s33();
      break;
    case 'type': {
      // Equal to a type, or any resource.
      const bound = c.u8();
      if (bound > 1) c.fail(t('malformed bound of a type'), at);
      if (bound === 0) c.u32();
      break;
    }
    default:
      c.u32();
  }
  return kind;
}

/** Name of the component and of its core modules. Malformed names are no error. */
function readNames(component: Component, c: Cursor, own: readonly number[], depth: number): void {
  try {
    if (c.name() !== 'component-name') return;
    while (!c.atEnd()) {
      const id = c.u8();
      const size = c.u32();
      const sub = new Cursor(c.bytes, c.pos, Math.min(c.pos + size, c.end));
      c.skip(size);
      if (id === 0 && depth === 0) component.name = sub.name();
      // Sorts of core items are two bytes; 0x00 0x11 is that of core modules.
      if (id === 1 && sub.u8() === 0 && sub.u8() === CORE_MODULE_SORT) {
        for (let count = sub.count(message('names'), 2); count > 0; count--) {
          const module = component.modules[own[sub.u32()] ?? -1];
          const name = sub.name();
          if (module !== undefined) module.name = name;
        }
      }
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
  }
}
