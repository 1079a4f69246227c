/** The picture as a grid: only the cells in sight are in the document; keys move through all of them. */

import { useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { CLASS_TEXT } from '../../../core/analysis/classText.ts';
import { SHOWN_SIGNS } from '../../../core/report/shown/shownSigns.ts';
import { t, translated } from '../../../core/text/l10n.ts';
import { number } from '../../../core/text/phrases.ts';
import { type CellOf, conflictKind, KIND_SIGN } from './cells.ts';
import { type GridPlace, moved } from './keys.ts';
import type { Line } from './lines.ts';
import { CELL, type HeadSize, reveal, useViewport } from './viewport.ts';
import { cellWords, headerWords } from './words.ts';

/** What the grid shows, and what happens in it. */
export interface GridProps {
  label: string;
  rows: readonly Line[];
  columns: readonly Line[];
  cellOf: CellOf;
  head: HeadSize;
  place: GridPlace;
  onPlace(place: GridPlace): void;
  /** A cell was chosen; `byKey`: with the keyboard, which wants to go on there. */
  onCell(place: GridPlace, byKey: boolean): void;
  /** The name of a line was chosen. */
  onLine(line: Line): void;
  /** The mouse is over a cell; undefined when it left. */
  onHover(place: GridPlace | undefined, at: { x: number; y: number }): void;
}

/** Draws it. */
export function Grid(props: GridProps) {
  const { label, rows, columns, cellOf, head, place, onPlace, onCell, onLine, onHover } = props;
  const id = useId();
  const scrolled = useRef<HTMLDivElement>(null);
  const bands = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)];
  const viewport = useViewport(scrolled, head);
  const [firstRow, lastRow] = [viewport.rows[0], Math.min(viewport.rows[1], rows.length)];
  const [firstColumn, lastColumn] = [viewport.columns[0], Math.min(viewport.columns[1], columns.length)];

  // What moved the place by keys wants to see it.
  const follow = useRef(false);
  useLayoutEffect(() => {
    if (follow.current && scrolled.current !== null) reveal(scrolled.current, place.row, place.column, head);
    follow.current = false;
  }, [place, head]);

  function choose({ row, column }: GridPlace, byKey: boolean): void {
    const [line, other] = [rows[row], columns[column]];
    if (line !== undefined && other !== undefined) onCell({ row, column }, byKey);
    else if (line !== undefined || other !== undefined) onLine(line ?? other);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose(place, true);
      return;
    }
    const page = Math.max(1, Math.floor(((scrolled.current?.clientHeight ?? 0) - head.height) / CELL) - 1);
    const next = moved(place, event.key, event.ctrlKey, { rows: rows.length, columns: columns.length, page });
    if (next === undefined) return;
    event.preventDefault();
    follow.current = true;
    onPlace(next);
  }

  function onClick(event: MouseEvent): void {
    const at = placeOf(event);
    if (at === undefined) return;
    onPlace(at);
    choose(at, false);
  }

  function onMouseMove(event: MouseEvent): void {
    const at = placeOf(event);
    const [across, down] = bands.map(({ current }) => current);
    if (across !== null) {
      across.hidden = at === undefined || at.row < 0;
      across.style.top = `${head.height + (at?.row ?? 0) * CELL}px`;
    }
    if (down !== null) {
      down.hidden = at === undefined || at.column < 0;
      down.style.left = `${head.width + (at?.column ?? 0) * CELL}px`;
    }
    onHover(at, { x: event.clientX, y: event.clientY });
  }

  const size = { width: `${head.width + columns.length * CELL}px`, height: `${head.height + rows.length * CELL}px` };
  return (
    <div
      ref={scrolled}
      class="matrix-grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={`${id}-${place.row}-${place.column}`}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onMouseMove={onMouseMove}
      onMouseLeave={(event) => {
        for (const { current } of bands) if (current !== null) current.hidden = true;
        onHover(undefined, { x: event.clientX, y: event.clientY });
      }}
    >
      <div class="matrix-canvas" role="presentation" style={size}>
        <div class="matrix-top" role="row" aria-rowindex={1} style={{ height: `${head.height}px` }}>
          <div class="matrix-corner" aria-hidden="true" style={{ width: `${head.width}px` }}>
            <span class="matrix-label">{t('Export')}</span>
            <span class="matrix-class">{t('Class')}</span>
            <span class="matrix-count">{t('Conflicts')}</span>
          </div>
          {columns.slice(firstColumn, lastColumn).map((line, nth) => {
            const column = firstColumn + nth;
            return (
              <div
                key={line.key}
                id={`${id}--1-${column}`}
                class={`matrix-column${line.isMember ? ' member' : ''}${place.row === -1 && place.column === column ? ' active' : ''}`}
                role="columnheader"
                aria-colindex={column + 2}
                aria-label={headerWords(line)}
                data-row={-1}
                data-column={column}
                style={{ left: `${head.width + column * CELL}px` }}
              >
                <span class="matrix-column-name">{line.label}</span>
              </div>
            );
          })}
        </div>
        {rows.slice(firstRow, lastRow).map((line, nth) => (
          <GridRow
            key={line.key}
            {...{ id, line, columns, cellOf, head, firstColumn, lastColumn }}
            row={firstRow + nth}
            active={place.row === firstRow + nth ? place.column : undefined}
          />
        ))}
        <div ref={bands[0]} class="matrix-band across" hidden role="presentation" />
        <div ref={bands[1]} class="matrix-band down" hidden role="presentation" />
      </div>
    </div>
  );
}

interface GridRowProps extends Pick<GridProps, 'columns' | 'cellOf' | 'head'> {
  id: string;
  line: Line;
  row: number;
  firstColumn: number;
  lastColumn: number;
  /** The column of the place, if it is in this row. */
  active: number | undefined;
}

/** One row with the cells in sight; the same while nothing of it changes. */
function GridRow({ id, line, row, columns, cellOf, head, firstColumn, lastColumn, active }: GridRowProps) {
  return useMemo(
    () => (
      <div
        class={`matrix-row${line.isMember ? ' member' : ''}`}
        role="row"
        aria-rowindex={row + 2}
        style={{ top: `${head.height + row * CELL}px` }}
      >
        <div
          id={`${id}-${row}--1`}
          class={`matrix-name class-${line.row.class}${active === -1 ? ' active' : ''}`}
          role="rowheader"
          aria-colindex={1}
          aria-expanded={line.unfolded}
          aria-label={headerWords(line)}
          title={headerWords(line)}
          data-row={row}
          data-column={-1}
          style={{ width: `${head.width}px` }}
        >
          <span class="matrix-twisty">{line.unfolded === undefined ? '' : line.unfolded ? '▾' : '▸'}</span>
          <span class="matrix-label">{line.label}</span>
          {line.position === undefined && <span class="matrix-more">+{number(line.row.exports.length - 1)}</span>}
          <span class="matrix-class">{translated(CLASS_TEXT[line.row.class])}</span>
          <span class="matrix-count">{number(line.row.count)}</span>
        </div>
        {columns.slice(firstColumn, lastColumn).map((other, nth) => {
          const column = firstColumn + nth;
          const cell = cellOf(line, other);
          const kind = conflictKind(cell.code);
          return (
            <div
              key={other.key}
              id={`${id}-${row}-${column}`}
              class={`matrix-cell kind-${kind}${cell.shown === undefined ? '' : ' shown'}${line.key === other.key ? ' itself' : ''}${active === column ? ' active' : ''}`}
              role="gridcell"
              aria-colindex={column + 2}
              aria-label={cellWords(line, other, cell)}
              data-row={row}
              data-column={column}
              style={{ left: `${head.width + column * CELL}px` }}
            >
              <span class="matrix-sign">{KIND_SIGN[kind]}</span>
              {cell.shown !== undefined && (
                <span class={`matrix-badge sign-of-${cell.shown.sign}`}>{SHOWN_SIGNS[cell.shown.sign].letter}</span>
              )}
            </div>
          );
        })}
      </div>
    ),
    [id, line, row, columns, cellOf, head, firstColumn, lastColumn, active],
  );
}

/** The place that an event is at; undefined outside of all. */
function placeOf(event: MouseEvent): GridPlace | undefined {
  const found = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
  return found === null ? undefined : { row: Number(found.dataset.row), column: Number(found.dataset.column) };
}
