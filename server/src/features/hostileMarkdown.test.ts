/** Names that are Markdown, HTML, icons, formulas or links are none in hovers and in the report of an export. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MarkupContent } from 'vscode-languageserver';
import { hasUnseen } from '../../../core/harmless/invisible.ts';
import { documentOf } from '../testing/testDocument.ts';
import { exportReport } from './exportReport.ts';
import { hover } from './hover.ts';

const ATTACKS = [
  '[fix](command:workbench.action.quickOpen)',
  '![x](https://evil.example/x.png)',
  '<img src=https://evil.example/y>',
  '`[tick](command:evil)`',
  '``',
  '$(error) $x$',
  'https://evil.example/z www.evil.example a@evil.example',
  '**bold** __line__ ~~gone~~',
  '# heading',
  'a\n\n[next]: command:evil\n',
  'turned \u202e around \u200b\u3164\u009b',
];

const bytes = (text: string): string =>
  [...new TextEncoder().encode(text)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');

/** Every kind of item has the name, and exports conflict with each other. */
const moduleOf = (name: string): string => {
  const text = `"${bytes(name)}"`;
  const id = name.includes('`') ? '$plain' : `$${text}`;
  return `(module
    (import ${text} ${text} (func ${id} (param i32)))
    (memory $"m ${bytes(name)}" 1 4)
    (global $"g ${bytes(name)}" (export ${text}) (mut i32) (i32.const 0))
    (table $"t ${bytes(name)}" 2 funcref)
    (func $"f ${bytes(name)}" (result i32)
      (global.set $"g ${bytes(name)}" (i32.add (global.get $"g ${bytes(name)}") (i32.const 1)))
      (i32.store (i32.const 16) (i32.const 1))
      (table.set $"t ${bytes(name)}" (i32.const 0) (ref.null func))
      (call ${id} (i32.const 1))
      (memory.grow (i32.const 1)))
    (export "a ${bytes(name)}" (func $"f ${bytes(name)}"))
    (export "b ${bytes(name)}" (func $"f ${bytes(name)}")))`;
};

/** What Markdown makes something of: without code spans, escaped characters, and our own links. */
function active(markdown: string): string {
  const ours = /\[(?:\*\*)?[^\][]*(?:\*\*)?\]\(command:wasm-hazards\.\w+(?:\?[\w%.!~*'-]*)?\)/g;
  return markdown
    .replace(/\\[!-/:-@[-`{-~]/g, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(ours, '')
    .replace(/<https:\/\/[\w./#?=&%-]+>/g, '')
    .replace(/\*\*/g, '');
}

describe('Markdown about a module with hostile names', () => {
  for (const name of ATTACKS)
    it(JSON.stringify(name), async () => {
      const doc = await documentOf(moduleOf(name));
      const texts = doc.analysis.exports.map((exported) => exportReport(doc, exported.name) ?? '');
      for (const [line, text] of doc.text.split('\n').entries())
        for (let character = 0; character < text.length; character += 3) {
          const found = hover(doc, line, character);
          if (found !== undefined) texts.push((found.contents as MarkupContent).value);
        }
      assert.ok(texts.length > 10);
      for (const text of new Set(texts)) {
        assert.doesNotMatch(active(text), /\]\(|\]:|!\[|<|`|\$|__|~~|[a-z]+:\/\/|www\.|@/i, text);
        assert.ok(
          text.split('\n').every((one) => !hasUnseen(one)),
          text,
        );
        const heads = text.split('\n').filter((one) => /^\s*(?:#|=+$|>)/.test(one));
        assert.ok(heads.every((one) => /^##? /.test(one)) && heads.filter((one) => /^# /.test(one)).length <= 1, text);
      }
    });
});
