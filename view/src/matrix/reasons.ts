/** Why two lines conflict: what the page has, else what the editor answers. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ConflictReasons, type MatrixView, reasonsKey } from '../../../core/report/view/matrixModel.ts';
import type { ViewHost } from '../host.ts';
import type { Line } from './lines.ts';

/** Reasons, and of which two exports: lines of several are told by their first ones. */
export interface ToldReasons extends ConflictReasons {
  a: number;
  b: number;
}

/** `unknown`: the page has none and can ask nobody. */
export type Reasons = ToldReasons | 'asked' | 'unknown' | { failure: string };

/** The export that speaks for a line. */
export const speakerOf = ({ position, row }: Line): number => position ?? row.exports[0];

/** The reasons for the conflict of two lines; undefined for none. Asked once for each pair. */
export function useReasons(
  matrix: MatrixView,
  host: ViewHost,
  pair: readonly [Line, Line] | undefined,
): Reasons | undefined {
  const known = useRef<{ matrix: MatrixView; answers: Map<string, Reasons> }>(undefined);
  const [, again] = useState(0);
  if (known.current?.matrix !== matrix) known.current = { matrix, answers: new Map() };
  const { answers } = known.current;
  const [a, b] = pair === undefined ? [-1, -1] : pair.map(speakerOf).sort((x, y) => x - y);
  const key = reasonsKey(a, b);
  const inside = pair === undefined ? undefined : fromPage(matrix, pair);
  useEffect(() => {
    if (a < 0 || inside !== undefined || answers.has(key)) return;
    if (!host.can.run) {
      answers.set(key, 'unknown');
      again((n) => n + 1);
      return;
    }
    answers.set(key, 'asked');
    host
      .ask('conflict', { a, b })
      .then(
        (found) => answers.set(key, { ...found, a, b }),
        (error: unknown) => answers.set(key, { failure: error instanceof Error ? error.message : String(error) }),
      )
      .finally(() => again((n) => n + 1));
  }, [answers, key, a, b, inside, host]);
  if (pair === undefined) return undefined;
  return inside ?? answers.get(key) ?? 'asked';
}

/** Reasons that came with the page: of these two exports, or of the first ones that behave like them. */
function fromPage({ reasons, rows }: MatrixView, pair: readonly [Line, Line]): ToldReasons | undefined {
  const candidates = [pair.map(speakerOf), pair.map(({ index }) => rows[index].exports[0])];
  for (const one of candidates) {
    const [a, b] = one.sort((x, y) => x - y);
    const found = reasons[reasonsKey(a, b)];
    if (found !== undefined) return { ...found, a, b };
  }
  return undefined;
}
