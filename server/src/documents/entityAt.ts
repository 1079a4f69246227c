/**
 * What is at a position of a module's text. The byte offset of the position gives the item or instruction;
 * the token under the cursor decides between that and what it names: in `call $foo`, `$foo` is the
 * function and `call` the instruction.
 */
import { type Form, formOf, isMnemonicWord } from '../../../core/text/lineForms.ts';
import { lineText, rangeIn, type TextRange } from '../../../core/text/lines.ts';
import { type LineToken, tokenAt, tokensOf } from '../../../core/text/lineTokens.ts';
import { functionAt, type Item, type ItemKind, itemAt, itemOf } from '../../../core/text/moduleItems.ts';
import { readInstruction } from '../../../core/wasm/immediates.ts';
import { IMM, Imm, MNEMONIC } from '../../../core/wasm/instructions.ts';
import type { Module } from '../../../core/wasm/module.ts';
import type { Space } from '../../../core/wasm/printer/ids.ts';
import type { ModuleDocument } from './moduleDocument.ts';
import { itemOfToken } from './moduleIds.ts';
import { localDeclaredAt, sourceWord, type Word } from './sourceWord.ts';

/** Kinds of things at a position: items of the module, and what is inside of function bodies. */
export type EntityKind = ItemKind | 'instruction' | 'local';

/** What the token under the cursor stands for. */
export interface Entity {
  kind: EntityKind;
  /** Index in the index space of its kind; for an instruction, the index of its function. */
  index: number;
  /** Byte offset of what is at the position: of the naming item, not of the named one. */
  offset: number;
  /** The function of an instruction or a local. */
  func: number | undefined;
  /** Range of the token. */
  range: TextRange;
}

/**
 * What is at a position (zero-based line, UTF-16 character). Undefined between tokens, and where the line belongs to
 * no byte of the module or the token means none of its items.
 */
export function entityAt(doc: ModuleDocument, line: number, character: number): Entity | undefined {
  const offset = doc.map.offsetAt(line, character);
  if (offset === undefined) return undefined;
  const word = doc.source
    ? sourceWord(doc.source, doc.lineStarts, doc.lineStarts[line] + character)
    : lineWord(doc, line, character);
  if (word === undefined) return undefined;
  const { form, token, range } = word;
  const func = functionAt(doc.module, offset);
  const named = declaredLocal(doc, func, word) ?? namedItem(doc, form, token, offset) ?? itemAt(doc.module, offset);
  if (named === 'instruction') return { kind: named, index: func ?? -1, offset, func, range };
  return named && { ...named, offset, func, range };
}

function lineWord(doc: ModuleDocument, line: number, character: number): Word | undefined {
  const tokens = tokensOf(lineText(doc.text, doc.lineStarts, line));
  const token = tokenAt(tokens, character);
  return token && { token, form: formOf(tokens, token), range: rangeIn(line, token.start, token.end) };
}

/** `(param $x i32)` in a source, which knows where its locals are declared. */
function declaredLocal({ source }: ModuleDocument, func: number | undefined, { token, form }: Word): Named {
  const head = form.head?.text;
  if (source === undefined || func === undefined || (head !== 'param' && head !== 'local')) return undefined;
  const local = localDeclaredAt(source, func, token.start);
  return local && { kind: 'local', index: local.index };
}

type Named = (Omit<Item, 'kind'> & { kind: ItemKind | 'local' }) | 'instruction' | undefined;

/** What the token means inside its form; undefined: the item at the offset. */
function namedItem(doc: ModuleDocument, form: Form, token: LineToken, offset: number): Named {
  const { module } = doc;
  const head = form.head?.text;
  if (head === undefined) return undefined;
  if (isMnemonicWord(head) && functionAt(module, offset) !== undefined) {
    return token === form.head ? 'instruction' : operand(doc, form, token, offset);
  }
  if (isMnemonicWord(head)) return operand(doc, form, token, offset);
  const item = itemAt(module, offset);
  const parent = form.parents[0];
  if (head === 'export' && parent !== undefined && parent !== 'module') return inlineExport(module, item, token);
  if (isExternal(head) && (parent === 'export' || parent === 'import')) return externalItem(module, item);
  if (head === 'type' && parent !== undefined && parent !== 'rec' && parent !== 'module') {
    return itemOfToken(doc, 'type', (token === form.head ? form.args[0] : token)?.text);
  }
  if (isIndex(token)) return reference(doc, form, head, token, offset);
  return undefined;
}

const isExternal = (word: string): boolean => /^(func|table|memory|global|tag)$/.test(word);
const isIndex = (token: LineToken): boolean => /^(?:\$.|\d[\d_]*$|0x[\da-fA-F_]+$)/.test(token.text);

/** The item that an export or import line is about. */
function externalItem(module: Module, item: Item | undefined): Item | undefined {
  const external = item?.kind === 'export' ? module.exports[item.index] : undefined;
  const imported = item?.kind === 'import' ? module.imports[item.index] : undefined;
  const found = external ?? imported;
  return found && itemOf(found.kind, found.index);
}

/** `(func $f (export "f"))`: the export that gives this name. */
function inlineExport(module: Module, item: Item | undefined, token: LineToken): Item | undefined {
  // A source knows which export it is.
  if (item?.kind === 'export') return item;
  const of = module.exports.flatMap((exported, index) =>
    item !== undefined && itemOf(exported.kind, exported.index).kind === item.kind && exported.index === item.index
      ? [{ exported, index }]
      : [],
  );
  const found = of.find(({ exported }) => `"${exported.name}"` === token.text) ?? of[0];
  return found && { kind: 'export', index: found.index };
}

/** Words of module-level forms that are followed by an index. */
const REFERENCES: Readonly<Record<string, Space>> = {
  ref: 'type',
  sub: 'type',
  start: 'func',
  catch: 'tag',
  catch_ref: 'tag',
};

function reference(doc: ModuleDocument, form: Form, head: string, token: LineToken, offset: number): Item | undefined {
  const { module } = doc;
  // The lines after the first of a long list begin with an index.
  const kind = itemAt(module, offset)?.kind;
  if (
    kind === 'element' &&
    (form.head === token || form.args.some((word) => word.text === 'func' && word.end <= token.start))
  ) {
    return itemOfToken(doc, 'func', token.text);
  }
  if (isExternal(head) && (kind === 'element' || kind === 'data')) return itemOfToken(doc, head as Space, token.text);
  const space = REFERENCES[head];
  return space && itemOfToken(doc, space, token.text);
}

/** Index spaces of an instruction's index operands in the order of the text. */
const OPERANDS: Readonly<Record<number, readonly Space[]>> = {
  [Imm.Func]: ['func'],
  [Imm.Global]: ['global'],
  [Imm.Table]: ['table'],
  [Imm.TableTable]: ['table', 'table'],
  [Imm.TypeUse]: ['table'],
  [Imm.ElemTable]: ['table', 'elem'],
  [Imm.Elem]: ['elem'],
  [Imm.Memarg]: ['memory'],
  [Imm.MemargLane]: ['memory'],
  [Imm.Memory]: ['memory'],
  [Imm.MemoryMemory]: ['memory', 'memory'],
  [Imm.DataMemory]: ['memory', 'data'],
  [Imm.Data]: ['data'],
  [Imm.Type]: ['type'],
  [Imm.HeapType]: ['type'],
  [Imm.TypeField]: ['type'],
  [Imm.TypeCount]: ['type'],
  [Imm.TypeData]: ['type', 'data'],
  [Imm.TypeElem]: ['type', 'elem'],
  [Imm.TypeType]: ['type', 'type'],
  [Imm.Tag]: ['tag'],
};

/** What an operand names; the instruction itself if the operand is not an index. */
function operand(doc: ModuleDocument, form: Form, token: LineToken, offset: number): Named {
  const { module } = doc;
  const kind = IMM[MNEMONIC.indexOf(form.head?.text)];
  const inBody = functionAt(module, offset) !== undefined;
  if (!isIndex(token)) return inBody ? 'instruction' : undefined;
  if (kind === Imm.Local) {
    const instruction = readInstruction(module.bytes, offset, module.bytes.length);
    return 'values' in instruction && IMM[instruction.id] === Imm.Local
      ? { kind: 'local', index: instruction.values[0] }
      : undefined;
  }
  const spaces = OPERANDS[kind];
  const indices = form.args.filter(isIndex);
  // The memory or table comes first and may be omitted: `memory.init $data`.
  const position = indices.indexOf(token) + (spaces === undefined ? 0 : Math.max(0, omitted(kind, indices.length)));
  const space = spaces?.[position];
  const isLane = kind === Imm.MemargLane && !token.text.startsWith('$');
  const found = space === undefined || isLane ? undefined : itemOfToken(doc, space, token.text);
  return found ?? (inBody ? 'instruction' : undefined);
}

const omitted = (kind: number, count: number): number =>
  kind === Imm.ElemTable || kind === Imm.DataMemory ? 2 - count : 0;
