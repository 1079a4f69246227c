/** Hovers of shared state: which exports write, grow or read a global, memory, table or segment. */
import { type CellKind, type Effect, isWrite, mayBe } from '../../../../core/analysis/cells.ts';

import { exportsReaching } from '../../../../core/analysis/partners.ts';
import { t } from '../../../../core/text/l10n.ts';
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
function exportsLine(doc: ModuleDocument, verb: string, wanted: (effect: Effect) => boolean): string {
  const positions = exportsReaching(doc.analysis, effectsWhere(doc.analysis, wanted));
  return positions.length === 0 ? '' : `${verb} by ${exportLinks(doc, positions, MAX_EXPORTS)}`;
}

function usage(
  doc: ModuleDocument,
  lines: readonly [verb: string, kinds: readonly CellKind[], access: 'read' | 'write'][],
  index: number,
): string {
  const used = lines
    .map(([verb, kinds, access]) =>
      exportsLine(doc, verb, (effect) => mayBe(effect.cell, kinds, index) && accesses(effect, access)),
    )
    .filter((line) => line !== '');
  return used.length === 0 ? 'No export accesses it.' : bullets(used, used.length);
}

/** The hover of a global in Markdown, without uses if it is immutable; undefined when there is no such global. */
export function globalHover(doc: ModuleDocument, index: number): string | undefined {
  const global = doc.module.globals[index];
  if (global === undefined) return undefined;
  const { module, analysis } = doc;
  const type = mutableText(global.type, global.mutable, createIds(module));
  const title = `**${code(globalName(module, index))}** - ${global.imported ? 'imported ' : ''}global ${index} ${code(type)}`;
  if (!global.mutable) return paragraphs([title, 'Immutable: safe to read at any time.']);
  const byName = analysis.stackPointerBy === 'name';
  return paragraphs([
    title,
    index === analysis.stackPointer
      ? `The shadow stack pointer, recognised by ${byName ? 'its name' : 'how functions lower and restore it'}. An instance has only one, so concurrent calls on one instance share one stack.`
      : '',
    usage(
      doc,
      [
        ['Written', ['global', 'stack-pointer'], 'write'],
        ['Read', ['global', 'stack-pointer'], 'read'],
      ],
      index,
    ),
  ]);
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
  const title = `**${code(memoryName(doc.module, index))}** - ${memory.imported ? 'imported ' : ''}memory ${index}, ${sizeText(memory.limits, plural(Number(memory.limits.min), 'page'))}`;
  return paragraphs([
    title,
    shared
      ? 'Shared: it never moves and its size changes atomically, but plain accesses still race.'
      : `Not shared. ${doc.profile.growText}`,
    usage(
      doc,
      [
        ['Grown', ['memory.grow'], 'write'],
        ['Written', ['memory'], 'write'],
        ['Read', ['memory'], 'read'],
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
  return paragraphs([
    `**${code(tableName(module, index))}** - ${table.imported ? 'imported ' : ''}table ${index} of ${code(type)}, ${sizeText(table.limits, entries)}`,
    usage(
      doc,
      [
        ['Grown', ['table.grow'], 'write'],
        ['Written', ['table'], 'write'],
        ['Read or called through', ['table'], 'read'],
      ],
      index,
    ),
  ]);
}

/** The hover of a segment in Markdown, without uses if it is active; undefined when there is no such segment. */
export function segmentHover(doc: ModuleDocument, kind: 'data' | 'element', index: number): string | undefined {
  const { module } = doc;
  const segment = kind === 'data' ? module.data[index] : module.elements[index];
  if (segment === undefined) return undefined;
  const size =
    kind === 'data'
      ? `${number(module.data[index].end - module.data[index].start)} bytes`
      : `${number((module.elements[index].functions ?? module.elements[index].exprs ?? []).length)} elements`;
  const line = (verb: string, access: 'read' | 'write'): string =>
    exportsLine(
      doc,
      verb,
      (effect) =>
        effect.cell.kind === 'segment' &&
        effect.cell.segment === kind &&
        effect.cell.index === index &&
        accesses(effect, access),
    );
  const used = [line('Dropped', 'write'), line('Copied from', 'read')].filter((text) => text !== '');
  return paragraphs([
    `**${code(segmentName(module, kind, index))}** - ${segment.mode} ${kind} segment ${index}, ${size}`,
    segment.mode === 'active' ? 'Copied once, at instantiation.' : bullets(used, 2),
  ]);
}
