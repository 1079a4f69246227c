/** Why two exports conflict, what runs have shown of them, and what can be done now. */
import type { RefObject } from 'preact';
import { useContext } from 'preact/hooks';
import { SHOWN_SIGNS } from '../../../core/report/shown/shownSigns.ts';
import type { ConflictReason, MatrixView, ReasonSide } from '../../../core/report/view/matrixModel.ts';
import { t } from '../../../core/text/l10n.ts';
import { quoted } from '../../../core/text/phrases.ts';
import type { ViewHost } from '../host.ts';
import { PlayFinding } from '../player/playFinding.ts';
import { PlaceLink } from '../shell/placeLink.tsx';
import { Prose } from '../shell/prose.tsx';
import { conflictKind, KIND_SIGN, type MatrixCell } from './cells.ts';
import type { Line } from './lines.ts';
import { type Reasons, speakerOf } from './reasons.ts';
import { isBad, kindWord, pairWords, supposedWords } from './words.ts';

interface WhyPanelProps {
  matrix: MatrixView;
  host: ViewHost;
  pair: readonly [Line, Line];
  cell: MatrixCell;
  reasons: Reasons | undefined;
  panel: RefObject<HTMLElement | null>;
  onClose(): void;
}

/** Draws the panel. */
export function WhyPanel({ matrix, host, pair, cell, reasons, panel, onClose }: WhyPanelProps) {
  const play = useContext(PlayFinding);
  const [a, b] = pair;
  const { code, shown } = cell;
  const names = pair.map((line) => matrix.raw[speakerOf(line)] ?? matrix.labels[speakerOf(line)]) as [string, string];
  const isGroup = pair.some(({ position }) => position === undefined);
  const kind = conflictKind(code);
  return (
    <aside
      ref={panel}
      class="why"
      aria-label={t('Why: {0}', pairWords(a, b))}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div class="why-head">
        <h3>{pairWords(a, b)}</h3>
        <button type="button" class="why-close" aria-label={t('Close')} title={t('Close (Escape)')} onClick={onClose}>
          ×
        </button>
      </div>
      {shown !== undefined && (
        <p class="why-line">
          <span class={`matrix-badge sign-of-${shown.sign}`} aria-hidden="true">
            {SHOWN_SIGNS[shown.sign].letter}
          </span>
          <span>{t('{0}.', upperFirst(shown.text))}</span>
        </p>
      )}
      <p class="why-line">
        <span class={`matrix-key kind-${kind}`} aria-hidden="true">
          {KIND_SIGN[kind]}
        </span>
        <span>
          {shown === undefined
            ? t('{0}.', upperFirst(supposedWords(code)))
            : t('By analysis: {0}.', supposedWords(code))}
          {code === undefined && matrix.partial !== undefined ? ` ${matrix.partial}` : ''}
        </span>
      </p>
      <div class="actions">
        {shown?.schedule !== undefined && isBad(shown) && (
          <button type="button" class="primary" onClick={() => play(shown.schedule ?? '')}>
            {t('Play the schedule')}
          </button>
        )}
        {host.can.run && (
          <>
            <button type="button" onClick={() => host.pair('stress', names)}>
              {t('Stress test this pair')}
            </button>
            <button type="button" onClick={() => host.pair('scenario', names)}>
              {t('Create a scenario')}
            </button>
          </>
        )}
      </div>
      {code !== undefined && <ReasonList matrix={matrix} host={host} pair={pair} reasons={reasons} isGroup={isGroup} />}
    </aside>
  );
}

interface ReasonListProps extends Pick<WhyPanelProps, 'matrix' | 'host' | 'pair' | 'reasons'> {
  isGroup: boolean;
}

function ReasonList({ matrix, host, pair, reasons, isGroup }: ReasonListProps) {
  if (reasons === undefined || reasons === 'asked') return <p class="note">{t('Looking for the reasons.')}</p>;
  if (reasons === 'unknown')
    return (
      <p class="note">
        {t('This file does not hold the reasons for this pair. Open the module in VS Code to see them.')}
      </p>
    );
  if ('failure' in reasons) return <p class="note">{reasons.failure}</p>;
  const isOther = pair.some((line) => ![reasons.a, reasons.b].includes(speakerOf(line)));
  // In the order of the title: first the export that is or speaks for the first line.
  const isTurned = pair[0].index !== pair[1].index && !pair[0].row.exports.includes(reasons.a);
  const told = [reasons.a, reasons.b].map((position) => matrix.labels[position]);
  if (isTurned) told.reverse();
  return (
    <>
      {(isGroup || isOther) && (
        <p class="note">
          <Prose text={exampleWords(told, reasons.a === reasons.b)} />
        </p>
      )}
      <ol class="reasons">
        {reasons.reasons.map((reason) => (
          <ReasonItem
            key={reason.cell}
            reason={isTurned ? { ...reason, sides: [reason.sides[1], reason.sides[0]] } : reason}
            host={host}
            names={told}
          />
        ))}
      </ol>
      {reasons.more && <p class="note">{t('They conflict on more than this.')}</p>}
    </>
  );
}

function ReasonItem({ reason, host, names }: { reason: ConflictReason; host: ViewHost; names: readonly string[] }) {
  return (
    <li class="reason">
      <p class="reason-cell">
        <strong>{reason.cell}</strong> <span class="tag">{kindWord(reason.confidence)}</span>
      </p>
      {reason.when !== undefined && (
        <p class="note">
          <Prose text={t('Only {0}.', reason.when)} />
        </p>
      )}
      {reason.sides.map((side, nth) => (
        <Side key={nth === 0 ? 'one' : 'other'} side={side} name={names[nth]} host={host} />
      ))}
    </li>
  );
}

function Side({ side, name, host }: { side: ReasonSide; name: string; host: ViewHost }) {
  return (
    <p class="reason-side">
      <code>{name}</code> <Prose text={side.text} />{' '}
      <PlaceLink place={{ text: side.place, offset: side.offset }} host={host} label={`${name}, ${side.place}`} />
      {side.path !== name && <span class="reason-path">{t('through {0}', side.path)}</span>}
    </p>
  );
}

/** Which exports the reasons are told of, where they speak for others. */
const exampleWords = ([a, b]: readonly string[], isItself: boolean): string =>
  isItself
    ? t(
        'For example {0} with itself. The others that behave alike conflict as surely, perhaps on other state.',
        quoted(a),
      )
    : t(
        'For example {0} with {1}. The others that behave alike conflict as surely, perhaps on other state.',
        ...[quoted(a), quoted(b)],
      );

const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
