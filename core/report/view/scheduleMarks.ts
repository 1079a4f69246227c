/** The shapes of steps, which tell them apart without colour: for the page and for pictures. */
import { type Message, message } from '../../text/l10n.ts';
import type { StepKind } from './scheduleSteps.ts';

/** A shape around the origin, within 7 units to each side. */
export interface MarkShape {
  /** Path data of SVG. */
  path: string;
  filled: boolean;
  /** Words of the legend. */
  label: Message;
}

const CIRCLE = 'M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0Z';
const SQUARE = 'M-5,-5h10v10h-10Z';
const DIAMOND = 'M0,-7L7,0L0,7L-7,0Z';

/** Reads are hollow, writes are filled; circles and squares are plain, diamonds atomic. */
export const MARK_SHAPES: Readonly<Record<StepKind, MarkShape>> = {
  call: { path: 'M-5,-6L6,0L-5,6Z', filled: false, label: message('call begins') },
  step: { path: 'M-5,-6L6,0L-5,6Z', filled: false, label: message('call begins') },
  return: { path: 'M-6,-3h12M-6,3h12', filled: false, label: message('call ends') },
  told: { path: 'M-6,-3h12M-6,3h12', filled: false, label: message('call ends') },
  trap: { path: 'M-5,-5L5,5M5,-5L-5,5', filled: false, label: message('trap, or does not return') },
  import: { path: 'M-6,0L-3,-6H3L6,0L3,6H-3Z', filled: false, label: message('host function') },
  read: { path: CIRCLE, filled: false, label: message('read') },
  write: { path: SQUARE, filled: true, label: message('write') },
  buffered: { path: SQUARE, filled: false, label: message('store that waits in the store buffer') },
  'atomic-read': { path: DIAMOND, filled: false, label: message('atomic read') },
  'atomic-write': { path: DIAMOND, filled: true, label: message('atomic write') },
  update: { path: `${DIAMOND}M0,-7V7`, filled: false, label: message('atomic read and write') },
  wait: { path: 'M-5,-6h10L-5,6h10Z', filled: false, label: message('wait') },
  notify: { path: 'M-5,-6h10L-5,6h10Z', filled: true, label: message('notify') },
  grow: { path: 'M0,-7L6,0H3V6H-3V0H-6Z', filled: true, label: message('growth') },
  other: { path: 'M-3,0a3,3 0 1,0 6,0a3,3 0 1,0 -6,0Z', filled: false, label: message('other operation') },
};
