/**
 * Reads what Go's race detector writes: the reports, each with the round that the marker lines of the driver put it in.
 * The format is that of the Go runtime's ThreadSanitizer (compiler-rt, tsan_report.cpp, SANITIZER_GO). Lines that belong
 * to neither are skipped, so other output may stand between them.
 */

/** A frame of a stack, innermost first. */
export interface StackFrame {
  /** Whole name: `github.com/tetratelabs/wazero/internal/wasm.(*MemoryInstance).Grow`. */
  function: string;
  /** As the binary has it: an absolute path, or one of a module with `-trimpath`. */
  file: string;
  line: number;
}

/** One of the accesses of a report. */
export interface ReportedAccess {
  write: boolean;
  atomic: boolean;
  /** Address in the process. */
  address: number;
  /** Number of the goroutine; null is the main one. */
  goroutine: number | null;
  /** Empty where the detector did not know it any more. */
  stack: StackFrame[];
}

/** One `WARNING: DATA RACE` whose two accesses could be read. */
export interface ReportedRace {
  /** Round that was running; null outside of rounds. */
  round: number | null;
  /** The access that the detector noticed the race at, and the earlier one. */
  later: ReportedAccess;
  earlier: ReportedAccess;
}

/** What a marker line says about a round: JSON that was not looked at. */
export interface RoundNote {
  round: number;
  about: string;
}

/** The reports of a run in their order. */
export interface RaceReports {
  races: ReportedRace[];
  /** Reports whose two accesses could not be read: cut off, or of a form that is not known. */
  unread: number;
  /** Markers with something to say. */
  told: RoundNote[];
}

const WARNING = 'WARNING: DATA RACE';
const RULE = '==================';
const MARKER = /^@verify (round|end) (\d{1,9})(?: (\{.*\}))?$/;
const ACCESS =
  /^(Previous )?(atomic )?(read|write) at 0x([0-9a-f]{1,13}|000[0-9a-f]{13}) by (?:goroutine (\d{1,15})|main goroutine):$/i;
const FUNCTION = /^ {2}(\S.*)\(\)$/;
const PLACE = /^ {6}(.*):(\d{1,9})(?: \+0x[0-9a-f]+)?$/;

/** A report while it is read. */
interface OpenReport {
  round: number | null;
  accesses: { previous: boolean; access: ReportedAccess }[];
  /** Stack that frames belong to; undefined in sections that do not matter. */
  stack: StackFrame[] | undefined;
  /** Function of the frame whose place follows. */
  named: string | undefined;
}

/** Reads all output of a run, or a part of it. Never fails: what cannot be read is counted. */
export function parseRaceReports(text: string): RaceReports {
  const found: RaceReports = { races: [], unread: 0, told: [] };
  let round: number | null = null;
  let open: OpenReport | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const later = open.accesses.find(({ previous }) => !previous)?.access;
    const earlier = open.accesses.find(({ previous }) => previous)?.access;
    if (later === undefined || earlier === undefined) found.unread++;
    else found.races.push({ round: open.round, later, earlier });
    open = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    if (line === WARNING) {
      close();
      open = { round, accesses: [], stack: undefined, named: undefined };
      continue;
    }
    const marker = MARKER.exec(line);
    if (marker !== null) {
      close();
      const number = Number(marker[2]);
      // An end belongs to the round that began, whatever its number: runs may have been put together.
      if (marker[3] !== undefined)
        found.told.push({ round: marker[1] === 'end' ? (round ?? number) : number, about: marker[3] });
      round = marker[1] === 'round' ? number : null;
    } else if (line === RULE) close();
    else if (open !== undefined) readLine(open, line);
  }
  close();
  return found;
}

function readLine(open: OpenReport, line: string): void {
  const access = ACCESS.exec(line);
  if (access !== null) {
    const stack: StackFrame[] = [];
    open.accesses.push({
      previous: access[1] !== undefined,
      access: {
        write: access[3].toLowerCase() === 'write',
        atomic: access[2] !== undefined,
        address: Number.parseInt(access[4], 16),
        goroutine: access[5] === undefined ? null : Number(access[5]),
        stack,
      },
    });
    open.stack = stack;
    open.named = undefined;
    return;
  }
  // `Goroutine 11 (running) created at:`: who started it does not matter.
  if (/^\S.* created at:$/.test(line)) open.stack = undefined;
  if (open.stack === undefined) return;
  const place = PLACE.exec(line);
  if (place !== null) {
    if (open.named !== undefined) open.stack.push({ function: open.named, file: place[1], line: Number(place[2]) });
    open.named = undefined;
    return;
  }
  const named = FUNCTION.exec(line);
  // An empty line ends a stack.
  if (line === '') open.stack = undefined;
  else if (named !== null) open.named = named[1];
}
