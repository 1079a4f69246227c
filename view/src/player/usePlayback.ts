/** Which row of a schedule is shown, and how keys, buttons and time change that. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type LaneRow, rowBeside } from '../../../core/report/view/scheduleRows.ts';

/** Time that a step is shown while the schedule plays, in ms. */
const STEP_MS = 900;

/** What can be done with the rows. */
export interface Playback {
  playing: boolean;
  /** Ends playing. */
  pause(): void;
  /** Shows a row that somebody chose; ends playing. */
  jump(row: number): void;
  /** Plays from the current row; from the begin if that is the last one, or the one that was shown at first. */
  play(): void;
  /** Moves by rows that are steps or folds; ends playing. */
  move(direction: 1 | -1, times?: number): void;
  first(): void;
  last(): void;
}

/** `show` shows a row. */
export function usePlayback(rows: readonly LaneRow[], current: number, show: (row: number) => void): Playback {
  const [playing, setPlaying] = useState(false);
  const [moved, setMoved] = useState(false);
  const go = useCallback(
    (row: number) => {
      setMoved(true);
      show(row);
    },
    [show],
  );
  const last = rowBeside(rows, rows.length, -1);
  useEffect(() => {
    if (!playing) return undefined;
    if (current >= last) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => go(rowBeside(rows, current, 1)), STEP_MS);
    return () => clearTimeout(timer);
  }, [playing, rows, current, last, go]);
  const jump = (row: number): void => {
    setPlaying(false);
    go(row);
  };
  return {
    playing,
    pause: () => setPlaying(false),
    jump,
    play() {
      if (current >= last || !moved) go(rowBeside(rows, -1, 1));
      setPlaying(true);
    },
    move(direction, times = 1) {
      let row = current;
      for (let i = 0; i < times; i++) row = rowBeside(rows, row, direction);
      jump(row);
    },
    first: () => jump(rowBeside(rows, -1, 1)),
    last: () => jump(last),
  };
}
