/**
 * For tests: a document from the text of a module, through the real assembler, decoder, analysis and
 * printer. Positions are found by markers in the disassembly: a line that contains a text, in which
 * `<|>` marks the cursor.
 */
import assert from 'node:assert/strict';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../../core/analysis/analyse.ts';
import { HOST_PROFILES, type HostId } from '../../../core/hosts/index.ts';
import type { SharingModel } from '../../../core/hosts/profile.ts';
import { NOTHING_SHOWN } from '../../../core/report/shown/shownPairs.ts';
import { disassemblyMap } from '../../../core/text/disassemblyMap.ts';
import { lineStartsOf, lineText, type TextRange } from '../../../core/text/lines.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { disassemble } from '../../../core/wasm/printer.ts';
import { DEFAULT_SETTINGS } from '../defaultSettings.ts';
import { NO_SOURCES } from '../documents/lazySources.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import type { Settings } from '../protocol.ts';

/** A module with one export for each thing that the features tell of. */
export const COUNTER = `
(module
  (import "env" "log" (func $log (param i32)))
  (type $unary (func (param i32) (result i32)))
  (memory (export "memory") 1 4)
  (global $counter (mut i32) (i32.const 0))
  (global $limit i32 (i32.const 10))
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (table 2 funcref)
  (elem (i32.const 0) $double $bump)
  (data (i32.const 1024) "hello")
  (func $double (type $unary) (local.get 0) (i32.mul (i32.const 2)))
  (func $bump (type $unary) (param $by i32) (result i32)
    (global.set $counter (i32.add (global.get $counter) (local.get $by)))
    (global.get $counter))
  (func (export "increment") (result i32) (call $bump (i32.const 1)))
  (func (export "reset") (global.set $counter (i32.const 0)))
  (func (export "get") (result i32) (global.get $counter))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "apply") (param i32 i32) (result i32) (call_indirect (type $unary) (local.get 0) (local.get 1)))
  (func (export "store") (param $p i32) (i32.store (local.get $p) (i32.const 1)) (i32.store (i32.const 1024) (i32.const 1)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "say") (call $log (global.get $limit)))
  (func (export "frame") (result i32) (local $fp i32)
    (local.tee $fp (i32.sub (global.get $__stack_pointer) (i32.const 16)))
    (global.set $__stack_pointer)
    (i32.store (local.get $fp) (i32.const 7))
    (global.set $__stack_pointer (i32.add (local.get $fp) (i32.const 16)))
    (i32.const 0)))
`;

/** How to analyse and print: on `wazero`, with its default model and a budget of 1,000,000 characters unless given. */
export interface DocumentOptions {
  host?: HostId;
  model?: SharingModel | 'auto';
  settings?: Partial<Settings>;
  bodyBudget?: number;
}

/** The document of a module in the text format. Rejects when it does not assemble. */
export async function documentOf(wat: string, options: DocumentOptions = {}): Promise<ModuleDocument> {
  return documentOfBytes(await parse(wat), options);
}

/** The document of a binary, which may be malformed. */
export function documentOfBytes(bytes: Uint8Array, options: DocumentOptions = {}): ModuleDocument {
  const { host = 'wazero', model = 'auto', settings, bodyBudget = 1_000_000 } = options;
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host, model });
  const disassembly = disassemble(module, { bodyBudget, prefer: [], expand: new Set() });
  const lineStarts = lineStartsOf(disassembly.text);
  return {
    uri: 'file:///modules/test.wasm',
    textUri: 'wasm-hazards:/modules/test.wasm',
    module,
    analysis,
    profile: HOST_PROFILES[host],
    hostReason: 'test',
    text: disassembly.text,
    lineStarts,
    map: disassemblyMap(disassembly, module, lineStarts),
    settings: { ...DEFAULT_SETTINGS, ...settings },
    shown: NOTHING_SHOWN,
    sources: NO_SOURCES,
  };
}

/** Position of the cursor marker: `call $b<|>ump` is that place in the first line that contains `call $bump`. */
export function cursorAt(doc: ModuleDocument, marked: string): [line: number, character: number] {
  const cursor = marked.indexOf('<|>');
  assert.notEqual(cursor, -1, `no <|> in ${marked}`);
  const wanted = marked.replace('<|>', '');
  for (let line = 0; line < doc.lineStarts.length; line++) {
    const at = lineText(doc.text, doc.lineStarts, line).indexOf(wanted);
    if (at !== -1) return [line, at + cursor];
  }
  assert.fail(`no line contains ${wanted} in\n${doc.text}`);
}

/** Text of a range, which must be within one line. */
export function textIn(doc: ModuleDocument, range: TextRange | undefined): string | undefined {
  if (range === undefined) return undefined;
  assert.equal(range.start.line, range.end.line);
  return lineText(doc.text, doc.lineStarts, range.start.line).slice(range.start.character, range.end.character);
}
