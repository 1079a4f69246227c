/** What a driver writes to standard error, cut at the marks between rounds: reports of the race detector, and the rest. */
import type { ReportedRound } from '../../core/verify/driverResult.ts';

const MARK = /^@verify round (\d+) (.*)$/;
/** Where the state of the instances was: reports cannot be led back without it. */
const END = '@verify end ';
const REPORT = 'WARNING: DATA RACE';
/** Between reports. */
const RULE = '==================';
/** Most reported rounds, and characters of one. */
const MAX_ROUNDS = 1000;
const MAX_SEGMENT = 1 << 18;

/** Takes text in pieces. */
export class ReportStream {
  readonly reported: ReportedRound[] = [];
  private rest = '';
  private segment = '';
  private full = false;
  private round: { round: number; regions: string } | undefined;
  private written = '';

  take(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const mark = MARK.exec(line);
      if (mark === null) {
        if (!this.full || line.startsWith(END)) this.segment += `${line}\n`;
        // The last report is whole, unless one alone is too long.
        const { length } = this.segment;
        this.full ||= length >= 2 * MAX_SEGMENT || (length >= MAX_SEGMENT && line === RULE);
        continue;
      }
      this.settle();
      this.round = { round: Number(mark[1]), regions: mark[2] };
    }
  }

  /**
   * Ends it; returns what was written besides reports: its beginning, where that is long.
   * @param failed the process did not end by itself: then the reports of its last round are among that
   */
  end(failed: boolean): string {
    this.segment += this.rest;
    this.rest = '';
    // The last round may have ended the process: what it wrote is not only reports.
    if (failed && this.segment.includes(REPORT)) this.written += this.segment;
    this.settle();
    return this.written;
  }

  private settle(): void {
    const { segment, round } = this;
    this.segment = '';
    this.full = false;
    if (segment.includes(REPORT)) {
      if (this.reported.length < MAX_ROUNDS)
        this.reported.push({ ...(round ?? { round: -1, regions: '' }), text: segment });
    } else if (segment.trim() !== '' && this.written.length < MAX_SEGMENT) this.written += segment;
  }
}
