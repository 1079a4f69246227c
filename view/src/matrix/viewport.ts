/** Which part of a long and wide picture is in sight: only that much is in the document. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Pixels of a cell. */
export const CELL = 26;
/** Pixels of the names before the rows and above the columns. */
export interface HeadSize {
  width: number;
  height: number;
}

/** Lines and columns in sight, with some around them; the end is not included. */
export interface Viewport {
  rows: readonly [number, number];
  columns: readonly [number, number];
}

/** Lines beyond the edge that are drawn, so that scrolling shows no gap. */
const AROUND = 6;

/** What is in sight of an element that scrolls. */
export function useViewport(element: RefObject<HTMLElement | null>, { width, height }: HeadSize): Viewport {
  const [viewport, setViewport] = useState<Viewport>({ rows: [0, 40], columns: [0, 40] });
  useLayoutEffect(() => {
    const scrolled = element.current;
    if (scrolled === null) return undefined;
    const look = (): void => {
      const next: Viewport = {
        rows: inSight(scrolled.scrollTop, scrolled.clientHeight - height),
        columns: inSight(scrolled.scrollLeft, scrolled.clientWidth - width),
      };
      setViewport((known) => (isSame(known.rows, next.rows) && isSame(known.columns, next.columns) ? known : next));
    };
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(scrolled);
    scrolled.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      scrolled.removeEventListener('scroll', look);
    };
  }, [element, width, height]);
  return viewport;
}

/** In steps of some lines: the document does not change with every pixel. */
function inSight(start: number, size: number): [number, number] {
  const first = Math.floor(start / CELL / AROUND) * AROUND - AROUND;
  const last = Math.ceil((start + Math.max(size, 0)) / CELL / AROUND) * AROUND + AROUND;
  return [Math.max(0, first), last];
}

const isSame = (a: readonly [number, number], b: readonly [number, number]): boolean => a[0] === b[0] && a[1] === b[1];

/** Scrolls so that a cell is in sight; -1 is a name. */
export function reveal(element: HTMLElement, row: number, column: number, head: HeadSize): void {
  const scroll = (at: number, start: number, size: number): number => {
    if (at < 0) return start;
    const [begin, end] = [at * CELL, (at + 1) * CELL];
    if (begin < start) return begin;
    return end > start + size ? end - size : start;
  };
  element.scrollTop = scroll(row, element.scrollTop, element.clientHeight - head.height);
  element.scrollLeft = scroll(column, element.scrollLeft, element.clientWidth - head.width);
}
