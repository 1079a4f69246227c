/** For tests: a document as lines of text that a human can check against the source. */
import { MNEMONIC } from '../../wasm/instructions.ts';
import type { Span, WatDocument, WatFunction, WatItem, WatLocal, WatModule } from '../model.ts';
import { itemsOf, SPACES } from '../moduleDraft.ts';

/** Text of a span on one line; a long one is shortened in the middle. */
function excerpt({ text }: WatDocument, start: number, end: number): string {
  const line = text.slice(start, end).replace(/\s+/g, ' ');
  return line.length <= 50 ? line : `${line.slice(0, 30)} ... ${line.slice(-15)}`;
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${before[before.length - 1].length + 1}`;
}

/** Modules, items, instructions, skipped forms, ignore comments and errors. */
export function outline(doc: WatDocument): string {
  const lines: string[] = [];
  const show = ({ start, end }: Span): string => excerpt(doc, start, end);
  for (const module of doc.modules) moduleLines(doc, module, lines);
  for (const form of doc.skipped) lines.push(`skipped ${position(doc.text, form.start)}: ${form.what}`);
  for (const ignore of doc.ignores) {
    const rules = ignore.rules.map((rule) => rule.text).join(' ');
    lines.push(`ignore ${position(doc.text, ignore.start)}: ${rules || 'all'}${ignore.alone ? ', alone' : ''}`);
  }
  for (const error of doc.errors) {
    lines.push(`error ${position(doc.text, error.start)}: ${error.message}: ${show(error)}`);
  }
  return `${lines.join('\n')}\n`;
}

function moduleLines(doc: WatDocument, module: WatModule, lines: string[]): void {
  const show = ({ start, end }: Span): string => excerpt(doc, start, end);
  const traits = [module.id && `$${module.id.text}`, module.bare && 'bare', !module.complete && 'incomplete'];
  lines.push(['module', ...traits.filter(Boolean)].join(' '));
  for (const { module: from, name, kind, index, inline } of module.imports) {
    lines.push(`  import ${from.text} ${name.text}: ${kind} ${index}${inline ? ', inline' : ''}`);
  }
  for (const { name, kind, target, inline } of module.exports) {
    lines.push(`  export ${name.text}: ${kind} ${target.index}${inline ? ', inline' : ''} | ${show(target)}`);
  }
  if (module.startFunction) lines.push(`  start ${module.startFunction.index} | ${show(module.startFunction.form)}`);
  for (const space of SPACES) {
    for (const item of itemsOf(module, space)) {
      lines.push(
        `  ${space} ${item.index}${item.id ? ` $${item.id.text}` : ''}${item.imported ? ', imported' : ''} | ${show(item)}`,
      );
      lines.push(...details(doc, item).map((line) => `    ${line}`));
    }
  }
}

function details(doc: WatDocument, item: WatItem): string[] {
  const lines: string[] = [];
  const show = (span: Span): string => excerpt(doc, span.start, span.end);
  if (item.header.end < item.end) lines.push(`header ${show(item.header)}`);
  if ('limits' in item) {
    const entries = Object.entries(item.limits as Record<string, Span | undefined>);
    lines.push(entries.map(([key, span]) => `${key} ${span ? show(span) : '-'}`).join(', '));
  }
  if ('composite' in item) lines.push(`${item.composite}, ${(item as { paramCount?: number }).paramCount} parameters`);
  if ('target' in item && item.target) lines.push(`into ${(item.target as { index: number }).index}`);
  if (item.space === 'func') lines.push(...functionLines(doc, item as WatFunction));
  return lines;
}

function functionLines(doc: WatDocument, func: WatFunction): string[] {
  const local = ({ index, id, type, start, end }: WatLocal): string =>
    `${index}${id ? ` $${id.text}` : ''} ${excerpt(doc, type.start, type.end)} | ${excerpt(doc, start, end)}`;
  const lines = [
    ...func.params.map((param) => `param ${local(param)}`),
    ...func.locals.map((declared) => `local ${local(declared)}`),
  ];
  if (func.type) lines.push(`type ${func.type.index}, ${func.paramCount} parameters`);
  if (func.broken) lines.push('broken');
  const { op, nameStart, nameEnd, start, end } = doc.instructions;
  for (let i = func.first; i < func.first + func.length; i++) {
    const written = doc.text.slice(nameStart[i], nameEnd[i]);
    const name = MNEMONIC[op[i]] ?? '?';
    const as = written === name ? '' : ` as "${written}"`;
    lines.push(`${i - func.first} ${name}${as} | ${excerpt(doc, start[i], end[i])}`);
  }
  return lines;
}
