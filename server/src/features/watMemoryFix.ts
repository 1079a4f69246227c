/** Quick fixes for a growable memory: allocate all of it at the start, or share it so that it never moves. */
import { t } from '../../../core/text/l10n.ts';
import type { WatLimits, WatMemory } from '../../../core/wat/model.ts';
import type { Replacement, SourceDocument } from './watEdits.ts';

/** Pages for a memory without a maximum: one mebibyte. */
const PAGES = 16n;

/** The edits of one quick fix, and its title in the menu. */
export interface MemoryFix {
  title: string;
  replacements: Replacement[];
}

/** The two fixes for memory `index` where they are right. */
export function memoryFixes(doc: SourceDocument, index: number): MemoryFix[] {
  const memory = doc.source.wat.modules[doc.source.index]?.memories[index];
  const limits = doc.module.memories[index]?.limits;
  // Imported memories are the host's decision, and custom page sizes are not supported.
  if (memory === undefined || limits === undefined || memory.imported || !memory.limits.min) return [];
  const { text } = doc.source.wat;
  if (limits.shared || /\(\s*pagesize\b/.test(text.slice(memory.start, memory.end))) return [];
  return [preallocate(memory, limits.min, limits.max, doc), share(memory, limits.max, limits.min, doc)].flatMap(
    (found) => (found ? [found] : []),
  );
}

/** `(memory 1)` becomes `(memory 16 16)`: it can be as large from the start as it could become. */
function preallocate(
  memory: WatMemory,
  min: bigint,
  max: bigint | undefined,
  doc: SourceDocument,
): MemoryFix | undefined {
  if (max !== undefined && max <= min) return undefined;
  const pages = max ?? (min > PAGES ? min : PAGES);
  return {
    title: t('Preallocate {0}: {1} pages, minimum and maximum', nameOf(memory, doc), String(pages)),
    replacements: [{ ...sizes(memory.limits), text: `${pages} ${pages}`, snippet: `\${1:${pages}} $1` }],
  };
}

/** `(memory 1)` becomes `(memory 1 16 shared)`: growth of a shared memory moves nothing. */
function share(memory: WatMemory, max: bigint | undefined, min: bigint, doc: SourceDocument): MemoryFix | undefined {
  const { text } = doc.source.wat;
  const { start, end } = sizes(memory.limits);
  const name = nameOf(memory, doc);
  const title =
    max === undefined
      ? t('Make {0} shared, with a maximum (hosts with threads)', name)
      : t('Make {0} shared (hosts with threads)', name);
  if (max !== undefined) return { title, replacements: [{ start: end, end, text: ' shared' }] };
  const pages = min > PAGES ? min : PAGES;
  const written = text.slice(start, end);
  return {
    title,
    replacements: [{ start, end, text: `${written} ${pages} shared`, snippet: `${written} \${1:${pages}} shared` }],
  };
}

/** From the minimum to the end of the maximum. */
const sizes = ({ min, max }: WatLimits): { start: number; end: number } => ({
  start: min!.start,
  end: (max ?? min)!.end,
});

const nameOf = (memory: WatMemory, { source }: SourceDocument): string =>
  memory.id ? t('memory {0}', source.wat.text.slice(memory.id.start, memory.id.end)) : t('memory {0}', memory.index);
