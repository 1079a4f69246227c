/** What the signs mean: of what the analysis supposes all of them, of what was shown those that occur. */
import { SHOWN_SIGNS, type ShownSign } from '../../../core/report/shown/shownSigns.ts';
import type { MatrixView } from '../../../core/report/view/matrixModel.ts';
import { t } from '../../../core/text/l10n.ts';
import { type ConflictKind, KIND_SIGN } from './cells.ts';
import { kindWord, signWord } from './words.ts';

const KINDS: readonly ConflictKind[] = ['definite', 'likely', 'possible', 'conditional', 'none'];

/** Draws the legend. */
export function Legend({ shown }: Pick<MatrixView, 'shown'>) {
  const used = new Set(shown.map(({ sign }) => sign));
  const signs = (Object.keys(SHOWN_SIGNS) as ShownSign[]).filter((sign) => used.has(sign));
  return (
    <div class="matrix-legend">
      <dl aria-label={t('By analysis')}>
        <dt class="matrix-legend-title">{t('By analysis')}</dt>
        {KINDS.map((kind) => (
          <div key={kind} class="matrix-legend-entry">
            <dt class={`matrix-key kind-${kind}`}>{KIND_SIGN[kind]}</dt>
            <dd>{kindWord(kind)}</dd>
          </div>
        ))}
      </dl>
      {signs.length > 0 && (
        <dl aria-label={t('Shown by runs')}>
          <dt class="matrix-legend-title">{t('Shown by runs')}</dt>
          {signs.map((sign) => (
            <div key={sign} class="matrix-legend-entry">
              <dt class={`matrix-badge sign-of-${sign}`}>{SHOWN_SIGNS[sign].letter}</dt>
              <dd>{signWord(sign)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
