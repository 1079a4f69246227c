/** What a cell says while the mouse rests on it; the panel says more. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { SHOWN_SIGNS } from '../../../core/report/shown/shownSigns.ts';
import { t } from '../../../core/text/l10n.ts';
import { conflictKind, KIND_SIGN, type MatrixCell } from './cells.ts';
import type { Line } from './lines.ts';
import type { Reasons } from './reasons.ts';
import { pairWords, supposedWords } from './words.ts';

interface TooltipProps {
  pair: readonly [Line, Line];
  cell: MatrixCell;
  reasons: Reasons | undefined;
  at: { x: number; y: number };
}

/** Reasons that it tells. */
const TOLD = 3;

/** For the mouse only: a cell's label tells others the same, and Enter opens the panel. */
export function Tooltip({ pair, cell, reasons, at }: TooltipProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return;
    const { width, height } = current.getBoundingClientRect();
    const [right, bottom] = [document.documentElement.clientWidth, document.documentElement.clientHeight];
    current.style.left = `${Math.max(4, Math.min(at.x + 16, right - width - 8))}px`;
    current.style.top = `${at.y + 20 + height > bottom ? Math.max(4, at.y - height - 12) : at.y + 20}px`;
  });
  const kind = conflictKind(cell.code);
  const known = typeof reasons === 'object' && 'reasons' in reasons ? reasons : undefined;
  return (
    <div ref={box} class="matrix-tip" aria-hidden="true">
      <p class="matrix-tip-pair">{pairWords(...pair)}</p>
      {cell.shown !== undefined && (
        <p class="why-line">
          <span class={`matrix-badge sign-of-${cell.shown.sign}`}>{SHOWN_SIGNS[cell.shown.sign].letter}</span>
          <span>{cell.shown.text}</span>
        </p>
      )}
      <p class="why-line">
        <span class={`matrix-key kind-${kind}`}>{KIND_SIGN[kind]}</span>
        <span>{supposedWords(cell.code)}</span>
      </p>
      {cell.code !== undefined && known !== undefined && (
        <ul class="matrix-tip-reasons">
          {known.reasons.slice(0, TOLD).map(({ cell: where, when }) => (
            <li key={where}>{when === undefined ? where : t('{0}, only {1}', where, when)}</li>
          ))}
          {(known.more || known.reasons.length > TOLD) && <li>{t('and more')}</li>}
        </ul>
      )}
    </div>
  );
}
