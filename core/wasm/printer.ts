/**
 * Disassembly of a module: text that any WebAssembly text parser reads, where every line knows the byte offset it
 * shows.
 *
 * Exports come first, so that a reader sees at once what the module offers; the text format allows that. Bodies are
 * flat instructions, one per line. Everything is bounded: bodies and segment contents by budgets, names by length,
 * indentation by depth.
 */
import type { Module } from './module.ts';
import { printDefinitions, printExports, printImports, printStart, printTypes } from './printer/fields.ts';
import { printFunctions } from './printer/functions.ts';
import { addLine, createLines, isFull, type Lines, MAX_TEXT, NO_OFFSET } from './printer/lines.ts';
import type { PrintOptions } from './printer/options.ts';
import { createModuleScope, type ModuleScope } from './printer/scope.ts';
import { printData, printElements } from './printer/segments.ts';
import { commentText, identifier, shortenName } from './printer/text.ts';

/** The text of a module and the byte offsets of its lines. */
export interface Disassembly {
  text: string;
  /** By line (from 0): the byte offset that it shows, or `NO_OFFSET`. */
  lineOffsets: Uint32Array;
  /** Indices of the functions whose bodies were left out, ascending. */
  elided: Uint32Array;
}

/** Custom sections have no form in the text: each becomes a comment. The name section provides the names. */
function printCustomSections(scope: ModuleScope, lines: Lines): void {
  for (const { id, name, offset, start, end } of scope.module.sections) {
    if (id !== 0 || name === 'name') continue;
    addLine(lines, 1, `;; custom section "${commentText(name)}", ${end - start} bytes`, offset);
  }
}

/** Prints `module`. Never throws on malformed parts: they are omitted or shown as comments. */
export function disassemble(module: Module, options: PrintOptions): Disassembly {
  const lines = createLines();
  const scope = createModuleScope(module);
  for (const comment of options.header ?? []) {
    for (const line of comment.split('\n')) addLine(lines, 0, `;; ${commentText(line)}`, NO_OFFSET);
  }
  const { module: moduleName } = module.names;
  addLine(lines, 0, moduleName ? `(module ${identifier(shortenName(moduleName))}` : '(module', 0);
  printExports(scope, options, lines);
  printTypes(scope, lines);
  printImports(scope, options, lines);
  printDefinitions(scope, options, lines);
  printStart(scope, lines);
  printElements(scope, options, lines);
  const elided = printFunctions(scope, options, lines);
  printData(scope, options, lines);
  printCustomSections(scope, lines);
  // Beyond the limit nothing is added, not even the closing parenthesis.
  if (isFull(lines)) {
    lines.texts.push(`;; the rest is left out: the text has reached ${MAX_TEXT} characters`);
    lines.offsets.push(NO_OFFSET);
  }
  addLine(lines, 0, ')', NO_OFFSET);
  return {
    text: `${lines.texts.join('\n')}\n`,
    lineOffsets: Uint32Array.from(lines.offsets),
    elided: Uint32Array.from(elided),
  };
}
