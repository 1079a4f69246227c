/** The mark of a step: its shape says what it does. */

import { MARK_SHAPES } from '../../../core/report/view/scheduleMarks.ts';
import type { StepKind } from '../../../core/report/view/scheduleSteps.ts';
import { t, translated } from '../../../core/text/l10n.ts';

/** Within an SVG, around a point. */
export function Mark({ kind, x, y, state }: { kind: StepKind; x: number; y: number; state?: string }) {
  const { path, filled } = MARK_SHAPES[kind];
  const style = ['mark', filled ? 'filled' : '', state ?? ''].join(' ').trim();
  return <path class={style} transform={`translate(${x} ${y})`} d={path} />;
}

/** What the shapes of a trace mean. */
export function MarkLegend({ kinds }: { kinds: readonly StepKind[] }) {
  const byLabel = new Map(kinds.map((kind) => [MARK_SHAPES[kind].label, kind]));
  return (
    <ul class="legend" aria-label={t('Marks')}>
      {[...byLabel].map(([label, kind]) => (
        <li key={label}>
          <svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">
            <Mark kind={kind} x={0} y={0} />
          </svg>
          {translated(label)}
        </li>
      ))}
      <li>
        <svg width="26" height="18" viewBox="0 0 26 18" aria-hidden="true">
          <path class="flow switch" d="M2,9H24" />
        </svg>
        {t('switch to a caller that preempts another one')}
      </li>
    </ul>
  );
}
