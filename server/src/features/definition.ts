/** Go to definition: from a call, an export, an operand or a type use to where that is defined. */
import type { Location } from 'vscode-languageserver';
import { lineText, rangeIn, sourceRange, type TextRange } from '../../../core/text/lines.ts';
import { tokensOf } from '../../../core/text/lineTokens.ts';
import { definitionOffset, type Item, itemOf } from '../../../core/text/moduleItems.ts';
import { readInstruction } from '../../../core/wasm/immediates.ts';
import { IMM, Imm } from '../../../core/wasm/instructions.ts';
import type { Module } from '../../../core/wasm/module.ts';
import { type Entity, entityAt } from '../documents/entityAt.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { localDeclaration } from '../documents/sourceWord.ts';

/**
 * Where what is at a position is defined; for an export or import, where its item is. Undefined when nothing is named.
 */
export function definition(doc: ModuleDocument, line: number, character: number): Location | undefined {
  const entity = entityAt(doc, line, character);
  if (entity === undefined) return undefined;
  const range = entity.kind === 'local' ? localRange(doc, entity) : itemRange(doc, meantBy(doc.module, entity));
  return range && { uri: doc.textUri, range };
}

/** Range of the line that defines an item. */
function itemRange(doc: ModuleDocument, item: Item | undefined): TextRange | undefined {
  const offset = item && definitionOffset(doc.module, item);
  return offset === undefined ? undefined : doc.map.rangeOf(offset);
}

/** The item to find the definition or references of: exports and imports stand for their item. */
export function meantBy(module: Module, entity: Entity): Item | undefined {
  const { kind, index } = entity;
  switch (kind) {
    case 'local':
      return undefined;
    case 'instruction':
      return operandOf(module, entity.offset);
    case 'export':
      return module.exports[index] && itemOf(module.exports[index].kind, module.exports[index].index);
    case 'import':
      return module.imports[index] && itemOf(module.imports[index].kind, module.imports[index].index);
    case 'start':
      return { kind: 'function', index };
    default:
      return { kind, index };
  }
}

/** What an instruction is about: the callee of a call, the global of a `global.get`. */
function operandOf(module: Module, offset: number): Item | undefined {
  const instruction = readInstruction(module.bytes, offset, module.bytes.length);
  if (!('id' in instruction)) return undefined;
  const [first, second] = instruction.values;
  switch (IMM[instruction.id]) {
    case Imm.Func:
      return { kind: 'function', index: first };
    case Imm.Global:
      return { kind: 'global', index: first };
    case Imm.Table:
      return { kind: 'table', index: first };
    case Imm.TypeUse:
    case Imm.Type:
    case Imm.TypeField:
    case Imm.TypeCount:
      return { kind: 'type', index: first };
    case Imm.Tag:
      return { kind: 'tag', index: first };
    case Imm.Data:
    case Imm.DataMemory:
      return { kind: 'data', index: first };
    case Imm.Elem:
    case Imm.ElemTable:
      return { kind: 'element', index: first };
    case Imm.Memory:
      return { kind: 'memory', index: first };
    case Imm.Memarg:
    case Imm.MemargLane:
      return { kind: 'memory', index: second };
    default:
      return undefined;
  }
}

/** Lines searched for a local's declaration: parameters are on the header's line, locals on the next. */
const DECLARATION_LINES = 8;

/** Where a local or parameter is declared: its name, else the line of the function. */
function localRange(doc: ModuleDocument, { func, index, range }: Entity): TextRange | undefined {
  if (doc.source !== undefined && func !== undefined) {
    const declared = localDeclaration(doc.source, func, index);
    if (declared !== undefined) return sourceRange(doc.lineStarts, declared.start, declared.end);
  }
  const header = func === undefined ? undefined : itemRange(doc, { kind: 'function', index: func });
  if (header === undefined) return undefined;
  const name = lineText(doc.text, doc.lineStarts, range.start.line).slice(range.start.character, range.end.character);
  if (!name.startsWith('$')) return header;
  for (let line = header.start.line; line < header.start.line + DECLARATION_LINES; line++) {
    const tokens = tokensOf(lineText(doc.text, doc.lineStarts, line));
    const at = tokens.findIndex(
      (token, i) =>
        token.text === name && i > 1 && /^(param|local)$/.test(tokens[i - 1].text) && tokens[i - 2].kind === 'open',
    );
    if (at !== -1) return rangeIn(line, tokens[at].start, tokens[at].end);
  }
  return header;
}
