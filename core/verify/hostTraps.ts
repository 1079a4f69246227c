/** Traps that wazero has one error for, and V8 several. */

/** V8's messages by the one that the driver gives for them. */
const SAME: Readonly<Record<string, string>> = {
  'trap: remainder by zero': 'trap: divide by zero',
  'trap: divide result unrepresentable': 'trap: float unrepresentable in integer range',
  // wazero tells an empty slot from a slot beyond the end no more than this.
  'trap: null function or function signature mismatch': 'trap: table index is out of bounds',
};

/** A result as one that results of both engines can be compared by. */
export const comparableResult = (text: string): string => SAME[text] ?? text;
