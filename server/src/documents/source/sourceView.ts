/**
 * The view of a source: a query goes to the module at its position, or to all modules if it has no
 * position. Positions of the answers are those of the current text.
 */
import { t } from '../../../../core/text/l10n.ts';
import type { TextRange } from '../../../../core/text/lines.ts';
import type { ModuleDocument } from '../moduleDocument.ts';
import type { AboutText, View } from '../view.ts';
import type { GoodModule } from './sourceState.ts';

type Position = TextRange['start'];

/** Undefined until a module has compiled. */
export function sourceView(modules: readonly (GoodModule | undefined)[]): View | undefined {
  const good = modules.filter((one) => one !== undefined);
  if (good.length === 0) return undefined;
  return {
    ask(params, answer) {
      const { position, range } = params as { position?: Position; range?: TextRange };
      if (position !== undefined) return askAt(good, params, position, answer);
      const answers = good.map(({ doc, moved }) =>
        moved.move(answer(doc, range ? { ...params, range: moved.rangeToOld(range) } : params), doc.textUri),
      );
      return joined(answers);
    },
  };
}

function askAt<P extends AboutText, R>(
  good: readonly GoodModule[],
  params: P,
  position: Position,
  answer: (doc: ModuleDocument, params: P) => R | undefined,
): R | undefined {
  for (const one of good) {
    const old = one.moved.toOld(position);
    if (old === undefined || one.doc.map.offsetAt(old.line, old.character) === undefined) continue;
    const found = answer(one.doc, { ...params, position: old });
    return one.moved.move(one.stale ? markStale(found) : found, one.doc.textUri);
  }
  return undefined;
}

/** Concatenates the lists of several modules. */
function joined<R>(answers: readonly (R | undefined)[]): R | undefined {
  const given = answers.filter((one) => one !== undefined);
  if (given.length < 2) return given[0];
  return given.every(Array.isArray) ? (given.flat() as R) : given[0];
}

/** Ends hovers and diagnostics of a module that no longer compiles. */
export const staleText = (): string => t('Based on the last text that compiled.');

/** Marks a hover that is about an older text. Other answers need no mark. */
function markStale<R>(answer: R | undefined): R | undefined {
  const contents = (answer as { contents?: { value?: unknown } } | undefined)?.contents;
  if (typeof contents?.value !== 'string') return answer;
  return { ...answer, contents: { ...contents, value: `${contents.value}\n\n*${staleText()}*` } } as R;
}
