/**
 * Comments that suppress findings: `;; wasm-hazards-ignore global-write -- why`. At the end of a line the comment
 * applies to that line. On a separate line it applies to what follows: a whole function, export or global, or the line
 * of an instruction. A finding can be suppressed at its export, at its access, and where the state that it is about is
 * defined.
 */

import type { Cell } from '../analysis/cells.ts';
import type { Analysis } from '../analysis/model.ts';
import { isRuleId, type RuleId } from '../analysis/rules/index.ts';
import { displayable } from '../harmless/names.ts';
import { t } from '../text/l10n.ts';
import { definitionOffset, type Item, lastAtMost } from '../text/moduleItems.ts';
import { quoted } from '../text/phrases.ts';
import type { SourceMap } from '../text/sourceMap.ts';
import type { Module } from '../wasm/module.ts';
import { type IgnoreComment, type Span, TokenKind, type WatDocument, type WatModule } from '../wat/model.ts';

/** What is needed to interpret the comments of a text. */
export interface IgnoringDocument {
  /** The text that the module was compiled from, and the position of the module in it. */
  source?: { wat: WatDocument; index: number };
  map: SourceMap;
  module: Module;
  analysis: Analysis;
  /** Offset in the text of each line's first character. */
  lineStarts: Uint32Array;
}

interface Finding {
  rule: RuleId;
  /** Byte offsets of the places where it can be suppressed. */
  offsets: readonly number[];
}

interface Ignore extends Span {
  comment: IgnoreComment;
}

const coverage = new WeakMap<object, readonly Ignore[]>();

/** What each comment of the module's text applies to, in offsets of the text. */
function ignoresOf(doc: IgnoringDocument): readonly Ignore[] {
  const { source } = doc;
  if (source === undefined || source.wat.ignores.length === 0) return [];
  let known = coverage.get(source);
  if (known === undefined) {
    const module = source.wat.modules[source.index];
    const own = source.wat.ignores.filter(
      ({ start }) => source.wat.modules.length < 2 || (start >= module.start && start < module.end),
    );
    known = own.map((comment) => ({ comment, ...covered(doc, comment, module) }));
    coverage.set(source, known);
  }
  return known;
}

function covered(
  { source, lineStarts }: IgnoringDocument,
  comment: IgnoreComment,
  module: WatModule | undefined,
): Span {
  const { wat } = source!;
  const lineAt = (offset: number): Span => {
    const line = lastAtMost(lineStarts.length, (i) => lineStarts[i], offset);
    return { start: lineStarts[line], end: lineStarts[line + 1] ?? wat.text.length };
  };
  if (!comment.alone) return lineAt(comment.start);
  const { tokens } = wat;
  const next = lastAtMost(tokens.count, (i) => tokens.start[i], comment.end) + 1;
  if (next >= tokens.count) return { start: comment.end, end: comment.end };
  const start = tokens.start[next];
  const item =
    tokens.kind[next] === TokenKind.Open && module ? itemsOf(module).find((one) => one.start === start) : undefined;
  return item ? { start, end: item.end } : { start, end: lineAt(start).end };
}

const itemsOf = ({ funcs, globals, memories, tables, exports, imports, elems, data, tags }: WatModule): Span[] => [
  ...[...funcs, ...globals, ...memories, ...tables],
  ...[...exports, ...imports, ...elems, ...data, ...tags],
];

function matching(doc: IgnoringDocument, ignores: readonly Ignore[], { rule, offsets }: Finding): Ignore[] {
  const named = ignores.filter(
    ({ comment }) => comment.rules.length === 0 || comment.rules.some(({ text }) => text === rule),
  );
  if (named.length === 0) return [];
  const places = offsets.flatMap((offset) => {
    const range = doc.map.rangeOf(offset);
    return range ? [doc.lineStarts[range.start.line] + range.start.character] : [];
  });
  return named.filter(({ start, end }) => places.some((place) => start <= place && place < end));
}

/** Whether a comment suppresses a finding about the export at `position` of `Analysis.exports`. */
export function isIgnoredAt(doc: IgnoringDocument, position: number, hazard: HazardPlace): boolean {
  const ignores = ignoresOf(doc);
  return ignores.length > 0 && matching(doc, ignores, findingOf(doc, position, hazard)).length > 0;
}

/** Whether a comment suppresses a finding about the module. */
export function isModuleHazardIgnored(
  doc: IgnoringDocument,
  hazard: { rule: RuleId; cell: Cell; offset: number },
): boolean {
  const ignores = ignoresOf(doc);
  return ignores.length > 0 && matching(doc, ignores, moduleFinding(doc, hazard)).length > 0;
}

interface HazardPlace {
  rule: RuleId;
  cell: Cell;
  site: { offset: number };
}

const findingOf = (doc: IgnoringDocument, position: number, { rule, cell, site }: HazardPlace): Finding => ({
  rule,
  offsets: [
    doc.module.exports[doc.analysis.exports[position].exportIndex].offset,
    site.offset,
    ...cellOffset(doc, cell),
  ],
});

const moduleFinding = (
  doc: IgnoringDocument,
  { rule, cell, offset }: { rule: RuleId; cell: Cell; offset: number },
): Finding => ({ rule, offsets: [offset, ...cellOffset(doc, cell)] });

const CELL_ITEM: Readonly<Partial<Record<Cell['kind'], Item['kind']>>> = {
  memory: 'memory',
  'memory.grow': 'memory',
  global: 'global',
  'stack-pointer': 'global',
  table: 'table',
  'table.grow': 'table',
  host: 'function',
};

/** Byte offsets where the state that a cell stands for is defined. */
function cellOffset({ module }: IgnoringDocument, { kind, index, segment }: Cell): number[] {
  const item = kind === 'segment' ? segment : CELL_ITEM[kind];
  const offset =
    item === undefined || index === undefined ? undefined : definitionOffset(module, { kind: item, index });
  return offset === undefined ? [] : [offset];
}

/** A comment, or a rule in one, that suppresses nothing; offsets of the text. */
export interface UnusedIgnore extends Span {
  message: string;
}

/** Comments, or rules in them, that suppress nothing, and rules that do not exist. */
export function unusedIgnores(doc: IgnoringDocument): UnusedIgnore[] {
  const ignores = ignoresOf(doc);
  if (ignores.length === 0) return [];
  const used = new Set<string>();
  const note = (finding: Finding): void => {
    for (const { comment } of matching(doc, ignores, finding))
      used.add(`${comment.start} ${finding.rule}`).add(`${comment.start}`);
  };
  const { exports, moduleHazards } = doc.analysis;
  for (const [position, { hazards }] of exports.entries())
    for (const hazard of hazards) note(findingOf(doc, position, hazard));
  for (const hazard of moduleHazards) note(moduleFinding(doc, hazard));
  return ignores.flatMap(({ comment }) => {
    if (comment.rules.length === 0) {
      return used.has(`${comment.start}`)
        ? []
        : [unused(comment, t('This comment ignores nothing: there is no finding here.'))];
    }
    return comment.rules.flatMap((rule) => {
      const name = quoted(displayable(rule.text));
      if (!isRuleId(rule.text)) return [unused(rule, t('There is no rule {0}.', name))];
      return used.has(`${comment.start} ${rule.text}`)
        ? []
        : [unused(rule, t('This comment ignores nothing: there is no finding of {0} here.', name))];
    });
  });
}

const unused = ({ start, end }: Span, message: string): UnusedIgnore => ({ start, end, message });
