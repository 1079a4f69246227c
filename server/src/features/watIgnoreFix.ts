/** Quick fix that ignores a finding with a comment above the function or item. */
import type { RuleId } from '../../../core/analysis/rules/index.ts';
import type { WatModule } from '../../../core/wat/model.ts';
import type { Replacement, SourceDocument } from './watEdits.ts';

/** The edit that ignores `rule` for what stands at offset `at` of the text. */
export function ignoreFix(doc: SourceDocument, rule: RuleId, at: number): Replacement | undefined {
  const { wat, index } = doc.source;
  const module = wat.modules[index];
  const start = module && fieldAround(module, at);
  if (start === undefined) return undefined;
  const { text, ignores } = wat;
  const above = ignores.find(
    ({ alone, rules, end }) =>
      alone && rules.length > 0 && end <= start && /^[ \t]*\r?\n[ \t]*$/.test(text.slice(end, start)),
  );
  if (above) {
    const { end } = above.rules[above.rules.length - 1];
    return { start: end, end, text: `, ${rule}` };
  }
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const indent = text.slice(lineStart, start);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const comment = `;; wasm-hazards-ignore ${rule}`;
  // Something else on the line: the comment gets one of its own.
  if (indent.trim() !== '') return { start, end: start, text: `${newline}${comment}${newline}` };
  return { start, end: start, text: `${comment}${newline}${indent}` };
}

/** Start of the outermost item around an offset: the comment must stand between fields. */
function fieldAround(
  { funcs, globals, memories, tables, exports, elems, data, tags }: WatModule,
  at: number,
): number | undefined {
  const items = [...funcs, ...globals, ...memories, ...tables, ...exports, ...elems, ...data, ...tags];
  const around = items.filter(({ start, end }) => start <= at && at < end);
  return around.length === 0 ? undefined : Math.min(...around.map(({ start }) => start));
}
