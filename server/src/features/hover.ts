/** Hovers: what is at a position, for someone who wants to call it concurrently. */
import type { Hover } from 'vscode-languageserver';
import { entityAt } from '../documents/entityAt.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { exportHover } from './hover/exportHover.ts';
import { functionHover } from './hover/functionHover.ts';
import { instructionHover } from './hover/instructionHover.ts';
import { moduleHover } from './hover/moduleHover.ts';
import { globalHover, memoryHover, segmentHover, tableHover } from './hover/stateHover.ts';

/** The hover at a position, in Markdown; undefined where there is nothing to tell. */
export function hover(doc: ModuleDocument, line: number, character: number): Hover | undefined {
  const whole = moduleHover(doc, line, character);
  if (whole !== undefined) return { contents: { kind: 'markdown', value: whole.value }, range: whole.range };
  const entity = entityAt(doc, line, character);
  if (entity === undefined) return undefined;
  const value = textOf(doc, entity.kind, entity.index, entity.offset);
  return value === undefined || value === ''
    ? undefined
    : { contents: { kind: 'markdown', value }, range: entity.range };
}

function textOf(doc: ModuleDocument, kind: string, index: number, offset: number): string | undefined {
  switch (kind) {
    case 'export':
      return exportHover(doc, index);
    case 'import':
      return importHover(doc, index);
    case 'function':
    case 'start':
      return functionHover(doc, index);
    case 'global':
      return globalHover(doc, index);
    case 'memory':
      return memoryHover(doc, index);
    case 'table':
      return tableHover(doc, index);
    case 'data':
    case 'element':
      return segmentHover(doc, kind, index);
    case 'instruction':
      return instructionHover(doc, index, offset);
    default:
      return undefined;
  }
}

function importHover(doc: ModuleDocument, index: number): string | undefined {
  const imported = doc.module.imports[index];
  const kinds: Readonly<Record<string, string>> = { func: 'function' };
  return imported && textOf(doc, kinds[imported.kind] ?? imported.kind, imported.index, imported.offset);
}
