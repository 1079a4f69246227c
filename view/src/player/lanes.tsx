/** The lanes: a rail for each caller, a mark for each step, lines for switches and for what met. Draws the rows in sight. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  flowLines,
  joinPath,
  type LaneGeometry,
  laneGeometry,
  rowMiddle,
} from '../../../core/report/view/laneGeometry.ts';
import type { LinkView } from '../../../core/report/view/scheduleLinks.ts';
import { type LaneRow, rowOfStep } from '../../../core/report/view/scheduleRows.ts';
import type { StepView } from '../../../core/report/view/scheduleSteps.ts';
import type { LaneView } from '../../../core/report/view/scheduleView.ts';
import { laneParts } from '../../../core/report/view/stepText.ts';
import { t } from '../../../core/text/l10n.ts';
import { Mark } from './mark.tsx';

/** What the lanes show. */
interface LanesProps {
  id: string;
  lanes: readonly LaneView[];
  steps: readonly StepView[];
  rows: readonly LaneRow[];
  links: readonly LinkView[];
  /** Row of the current step. */
  current: number;
  /** The whole of a step in words. */
  sentenceOf(at: number): string;
  onSelect(row: number): void;
  onUnfold(row: number): void;
}

/** Rows that are drawn above and below those in sight. */
const BEYOND = 12;
/** Before anything is measured. */
const FIRST_WIDTH = 900;
const FIRST_HEIGHT = 480;

/** A list box, in which the current step is the active one. */
export function Lanes(props: LanesProps) {
  const { id, lanes, steps, rows, links, current, sentenceOf, onSelect, onUnfold } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: FIRST_WIDTH, height: FIRST_HEIGHT });
  const [top, setTop] = useState(0);
  useMeasured(scroller, setSize);
  const geometry = laneGeometry(lanes.length, size.width);
  const { rowHeight } = geometry;
  useLayoutEffect(() => keepInSight(scroller.current, current, rowHeight), [current, rows, rowHeight]);
  const from = Math.max(0, Math.floor(top / rowHeight) - BEYOND);
  const to = Math.min(rows.length, Math.ceil((top + size.height) / rowHeight) + BEYOND);
  const drawn = rows.slice(from, to);
  const total = rows.filter(({ kind }) => kind !== 'note').length;
  return (
    <div class={`lanes ${geometry.form} ${geometry.lines === 2 ? 'two-lines' : ''}`}>
      <LaneHeads lanes={lanes} geometry={geometry} />
      <div
        ref={scroller}
        class="lane-rows"
        role="listbox"
        aria-label={t('Steps of the schedule')}
        aria-activedescendant={rows[current] === undefined ? undefined : `${id}-${rows[current].at}`}
        tabIndex={0}
        onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      >
        <div class="lane-space" style={{ height: `${rows.length * rowHeight}px` }}>
          <Picture {...{ steps, rows, links, geometry, current, from, to }} />
          {drawn.map((row, i) => (
            <Row
              key={`${row.kind}${row.at}${row.kind === 'note' ? row.link.from : ''}`}
              {...{ id, row, steps, geometry, total }}
              nth={from + i}
              isCurrent={from + i === current}
              isAhead={from + i > current}
              sentence={row.kind === 'step' ? sentenceOf(row.at) : ''}
              onPress={() => (row.kind === 'fold' ? onUnfold(from + i) : onSelect(from + i))}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function LaneHeads({ lanes, geometry: { form, texts } }: { lanes: readonly LaneView[]; geometry: LaneGeometry }) {
  return (
    <div class="lane-heads" aria-hidden="true">
      {lanes.map(({ name, calls }, i) => {
        const [left, right] = texts[i];
        const place = form === 'sides' ? { left: `${left}px`, width: `${right - left}px` } : {};
        return (
          <div key={name} class={`lane-head ${form === 'sides' && i === 0 ? 'left' : ''}`} style={place} title={calls}>
            <b>{name}</b> <code>{calls}</code>
          </div>
        );
      })}
    </div>
  );
}

/** What the drawn rows need. */
interface PictureProps {
  steps: readonly StepView[];
  rows: readonly LaneRow[];
  links: readonly LinkView[];
  geometry: LaneGeometry;
  current: number;
  from: number;
  to: number;
}

function Picture({ steps, rows, links, geometry, current, from, to }: PictureProps) {
  const { rails, width, rowHeight } = geometry;
  const [start, height] = [from * rowHeight, (to - from) * rowHeight];
  const joined = links
    .map((link) => ({ ...link, ends: [rowOfStep(rows, link.from), rowOfStep(rows, link.to)] }))
    .filter(({ ends: [first, last] }) => first < to && last >= from);
  return (
    <svg
      class="lane-picture"
      style={{ top: `${start}px` }}
      width={width}
      height={height}
      viewBox={`0 ${start} ${width} ${height}`}
      aria-hidden="true"
    >
      {rails.map((x) => (
        <line key={x} class="rail" x1={x} x2={x} y1={0} y2={rows.length * rowHeight} />
      ))}
      {flowLines(rows, steps, geometry, [from, to]).map(({ path, switched }) => (
        <path key={path} class={switched ? 'flow switch' : 'flow'} d={path} />
      ))}
      {joined.map(({ from: one, to: other, main, ends: [first, last] }) => (
        <path
          key={`${one} ${other}`}
          class={main ? 'join' : 'join further'}
          d={joinPath(
            ...([rails[steps[one].caller], rowMiddle(first, geometry)] as const),
            ...([rails[steps[other].caller], rowMiddle(last, geometry)] as const),
          )}
        />
      ))}
      {rows.slice(from, to).map((row, i) => {
        if (row.kind !== 'step') return null;
        const { kind, caller } = steps[row.at];
        const state = from + i === current ? 'current' : from + i > current ? 'ahead' : '';
        return <Mark key={row.at} kind={kind} x={rails[caller]} y={rowMiddle(from + i, geometry)} state={state} />;
      })}
    </svg>
  );
}

/** What a row needs. */
interface RowProps {
  id: string;
  row: LaneRow;
  nth: number;
  total: number;
  steps: readonly StepView[];
  geometry: LaneGeometry;
  isCurrent: boolean;
  isAhead: boolean;
  sentence: string;
  onPress(): void;
}

function Row({ id, row, nth, total, steps, geometry, isCurrent, isAhead, sentence, onPress }: RowProps) {
  const step = steps[row.at];
  const { form, rowHeight } = geometry;
  const [left, right] = geometry.texts[step.caller];
  const side = form === 'sides' && step.caller === 0 ? 'left' : '';
  const place = { top: `${nth * rowHeight}px`, height: `${rowHeight}px` };
  const words = { left: `${left}px`, width: `${right - left}px` };
  if (row.kind === 'note') {
    return (
      <div class={`lane-row note-row ${row.link.main ? 'main' : ''}`} style={place} aria-hidden="true">
        <div class={`lane-text ${side}`} style={words} title={row.link.text}>
          <span class="lane-whole">{row.link.text}</span>
        </div>
      </div>
    );
  }
  const isFold = row.kind === 'fold';
  const label = isFold ? t('{0}. Press Enter to show them.', row.fold.text) : sentence;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box has the focus and takes the keys
    <div
      id={`${id}-${row.at}`}
      class={`lane-row ${row.kind} ${isCurrent ? 'current' : ''} ${isAhead ? 'ahead' : ''}`}
      style={place}
      role="option"
      tabIndex={-1}
      aria-selected={isCurrent}
      aria-label={label}
      aria-posinset={isFold ? undefined : row.at + 1}
      aria-setsize={isFold ? undefined : Math.max(total, steps.length)}
      title={label}
      onClick={onPress}
    >
      <div class={`lane-text ${side}`} style={words}>
        {form === 'rails' && !isFold && <b class="who">{String.fromCharCode(65 + step.caller)}</b>}
        {isFold ? <span class="lane-whole folded">⋯ {row.fold.text}</span> : <StepWords step={step} />}
      </div>
    </div>
  );
}

/** In one line; where rows are higher, what it touches and where it is are below what it does. */
function StepWords({ step }: { step: StepView }) {
  const { op, cell, values, note } = laneParts(step);
  const style = `step-${step.kind}`;
  if (cell === '' && values === '' && note === '' && step.offset === undefined)
    return <span class={`lane-whole ${style}`}>{op}</span>;
  return (
    <span class={`lane-parts ${style}`}>
      <span class="lane-line">
        <span class="lane-op">{op}</span>
        {values !== '' && <span class="lane-values">{values}</span>}
        {note !== '' && <span class="lane-note">{note}</span>}
      </span>
      <span class="lane-line second">
        {cell !== '' && <span class="lane-cell">{cell}</span>}
        <Where step={step} />
      </span>
    </span>
  );
}

function Where({ step: { offset, source, place, inside } }: { step: StepView }) {
  if (offset === undefined) return null;
  const at = source?.replace(/^.*[\\/]/, '') ?? place ?? `0x${offset.toString(16)}`;
  return (
    <>
      {inside !== undefined && <span class="where inside">{inside}</span>}
      <span class="where">{at}</span>
    </>
  );
}

/** Calls back with the size of the box, now and whenever it changes. */
function useMeasured(
  box: { current: HTMLElement | null },
  report: (size: { width: number; height: number }) => void,
): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => report({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, report]);
}

/** Scrolls the list, and only the list, so that the row has neighbours in sight. */
function keepInSight(scroller: HTMLElement | null, row: number, rowHeight: number): void {
  if (scroller === null) return;
  const [top, bottom] = [(row - 2) * rowHeight, (row + 3) * rowHeight];
  if (top < scroller.scrollTop) scroller.scrollTop = Math.max(0, top);
  else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
}
