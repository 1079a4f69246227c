/** Hovers of shared state: which exports write, grow or read a global, memory, table or segment. */
import { type CellKind, type Effect, isWrite, mayBe } from '../../../../core/analysis/cells.ts';

import { exportsReaching } from '../../../../core/analysis/partners.ts';
import { type Message, message, t, translated } from '../../../../core/text/l10n.ts';
import { number, plural } from '../../../../core/text/phrases.ts';
import { globalName, memoryName, segmentName, tableName } from '../../../../core/wasm/displayNames.ts';
import { createIds } from '../../../../core/wasm/printer/ids.ts';
import { mutableText, valTypeText } from '../../../../core/wasm/printer/types.ts';
import type { Limits } from '../../../../core/wasm/types.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import { bullets, code, paragraphs } from '../markdown.ts';
import { effectsWhere, exportLinks } from './pieces.ts';

const MAX_EXPORTS = 6;

const accesses = (effect: Effect, access: 'read' | 'write'): boolean => isWrite(effect) === (access === 'write');

/** `Written by 2 exports: a, b`; empty when no export does. */
function exportsLine(doc: ModuleDocument, verb: Message, wanted: (effect: Effect) => boolean): string {
  const positions = exportsReaching(doc.analysis, effectsWhere(doc.analysis, wanted));
  return positions.length === 0 ? '' : translated(verb, exportLinks(doc, positions, MAX_EXPORTS));
}

function usage(
  doc: ModuleDocument,
  lines: readonly [verb: Message, kinds: readonly CellKind[], access: 'read' | 'write'][],
  index: number,
): string {
  const used = lines
    .map(([verb, kinds, access]) =>
      exportsLine(doc, verb, (effect) => mayBe(effect.cell, kinds, index) && accesses(effect, access)),
    )
    .filter((line) => line !== '');
  return used.length === 0 ? t('No export accesses it.') : bullets(used, used.length);
}

/** The hover of a global in Markdown, without uses if it is immutable; undefined when there is no such global. */
export function globalHover(doc: ModuleDocument, index: number): string | undefined {
  const global = doc.module.globals[index];
  if (global === undefined) return undefined;
  const { module, analysis } = doc;
  const type = mutableText(global.type, global.mutable, createIds(module));
  const kind = global.imported ? t('imported global {0}', index) : t('global {0}', index);
  const title = `**${code(globalName(module, index))}** - ${kind} ${code(type)}`;
  if (!global.mutable) return paragraphs([title, t('Immutable: safe to read at any time.')]);
  return paragraphs([
    title,
    index === analysis.stackPointer ? stackPointerText(analysis.stackPointerBy === 'name') : '',
    usage(
      doc,
      [
        [message('Written by {0}'), ['global', 'stack-pointer'], 'write'],
        [message('Read by {0}'), ['global', 'stack-pointer'], 'read'],
      ],
      index,
    ),
  ]);
}

function stackPointerText(byName: boolean): string {
  return byName
    ? t(
        'The shadow stack pointer, recognised by its name. An instance has only one, so concurrent calls on one instance share one stack.',
      )
    : t(
        'The shadow stack pointer, recognised by how functions lower and restore it. An instance has only one, so concurrent calls on one instance share one stack.',
      );
}

/** `1 page, at most 4`; `least` is the minimum in words. */
const sizeText = ({ min, max }: Limits, least: string): string =>
  max === undefined
    ? t('{0}, no maximum', least)
    : max === min
      ? t('{0}, fixed', least)
      : t('{0}, at most {1}', least, number(Number(max)));

/** The hover of a memory in Markdown, with what growth means on the host; undefined when there is no such memory. */
export function memoryHover(doc: ModuleDocument, index: number): string | undefined {
  const memory = doc.module.memories[index];
  if (memory === undefined) return undefined;
  const { shared } = memory.limits;
  const size = sizeText(memory.limits, plural(Number(memory.limits.min), 'page'));
  const kind = memory.imported ? t('imported memory {0}, {1}', index, size) : t('memory {0}, {1}', index, size);
  const title = `**${code(memoryName(doc.module, index))}** - ${kind}`;
  return paragraphs([
    title,
    shared
      ? t('Shared: it never moves and its size changes atomically, but plain accesses still race.')
      : t('Not shared. {0}', doc.profile.growText),
    usage(
      doc,
      [
        [message('Grown by {0}'), ['memory.grow'], 'write'],
        [message('Written by {0}'), ['memory'], 'write'],
        [message('Read by {0}'), ['memory'], 'read'],
      ],
      index,
    ),
  ]);
}

/** The hover of a table in Markdown; undefined when there is no such table. */
export function tableHover(doc: ModuleDocument, index: number): string | undefined {
  const table = doc.module.tables[index];
  if (table === undefined) return undefined;
  const { module } = doc;
  const type = valTypeText(table.type, createIds(module));
  const min = Number(table.limits.min);
  const entries = min === 1 ? t('1 entry') : t('{0} entries', number(min));
  const size = sizeText(table.limits, entries);
  const kind = table.imported
    ? t('imported table {0} of {1}, {2}', index, code(type), size)
    : t('table {0} of {1}, {2}', index, code(type), size);
  return paragraphs([
    `**${code(tableName(module, index))}** - ${kind}`,
    usage(
      doc,
      [
        [message('Grown by {0}'), ['table.grow'], 'write'],
        [message('Written by {0}'), ['table'], 'write'],
        [message('Read or called through by {0}'), ['table'], 'read'],
      ],
      index,
    ),
  ]);
}

const SEGMENT_KIND: Readonly<Record<string, Message>> = {
  'active data': message('active data segment {0}, {1}'),
  'passive data': message('passive data segment {0}, {1}'),
  'active element': message('active element segment {0}, {1}'),
  'passive element': message('passive element segment {0}, {1}'),
  'declarative element': message('declarative element segment {0}, {1}'),
};

/** The hover of a segment in Markdown, without uses if it is active; undefined when there is no such segment. */
export function segmentHover(doc: ModuleDocument, kind: 'data' | 'element', index: number): string | undefined {
  const { module } = doc;
  const segment = kind === 'data' ? module.data[index] : module.elements[index];
  if (segment === undefined) return undefined;
  const size =
    kind === 'data'
      ? t('{0} bytes', number(module.data[index].end - module.data[index].start))
      : t('{0} elements', number((module.elements[index].functions ?? module.elements[index].exprs ?? []).length));
  const line = (verb: Message, access: 'read' | 'write'): string =>
    exportsLine(
      doc,
      verb,
      (effect) =>
        effect.cell.kind === 'segment' &&
        effect.cell.segment === kind &&
        effect.cell.index === index &&
        accesses(effect, access),
    );
  const used = [line(message('Dropped by {0}'), 'write'), line(message('Copied from by {0}'), 'read')].filter(
    (text) => text !== '',
  );
  return paragraphs([
    `**${code(segmentName(module, kind, index))}** - ${translated(SEGMENT_KIND[`${segment.mode} ${kind}`], index, size)}`,
    segment.mode === 'active' ? t('Copied once, at instantiation.') : bullets(used, 2),
  ]);
}
