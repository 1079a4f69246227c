/** Reports of Go's race detector that were recorded from runs of wazero. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WAZERO_FOLDER } from '../../../analysis/testing/wazero/verdicts.ts';
import { type LedBack, ledBack } from '../ledBack.ts';
import { operationsOf } from '../operations.ts';
import { parseRaceReports } from '../raceReports.ts';

const CASES = join(import.meta.dirname, '../cases');

/** Names of the recordings. */
export const RECORDED: readonly string[] = readdirSync(CASES)
  .filter((name) => name.endsWith('.txt') && !name.startsWith('operations'))
  .map((name) => name.replace('.txt', ''));

/** A recording: its first line says what was run. */
export interface Recorded {
  text: string;
  /** Source of the module. */
  source: string;
  /** Calls of each caller, `install 0`; `W 64` is a write of the host. */
  calls: string[];
  led: LedBack;
}

/** Reads a recording and leads it back. */
export function recorded(name: string): Recorded {
  const text = readFileSync(join(CASES, `${name}.txt`), 'utf8');
  const head = /^(\w+): (.*);(.*), wazero (\S+)\n/.exec(text);
  if (head === null) throw new Error(`${name}: no first line`);
  const [, module, a, b, version] = head;
  const calls = [a, b];
  const led = ledBack(parseRaceReports(text), {
    operationAt: operationsOf(interpreter(version)),
    exportOf: (caller) => (calls[caller].startsWith('W ') ? null : calls[caller].split(' ')[0]),
  });
  return { text, source: sourceOf(module), calls, led };
}

/** A source with the cases of the interpreter in the lines where that version has them. */
function interpreter(version: string): string {
  const lines = ['func (ce *callEngine) callNativeFunc(ctx context.Context) {'];
  for (const row of readFileSync(join(CASES, `operations-${version}.txt`), 'utf8')
    .split('\n')
    .slice(1)) {
    const [line, operation] = row.split(' ');
    if (row !== '')
      lines[Number(line) - 1] = operation === '-' ? 'func next() {' : `\t\tcase operationKind${operation}:`;
  }
  return Array.from(lines, (line) => line ?? '').join('\n');
}

function sourceOf(module: string): string {
  const own = readdirSync(CASES).includes(`${module}.wat`);
  return readFileSync(own ? join(CASES, `${module}.wat`) : join(WAZERO_FOLDER, 'modules', `${module}.wat`), 'utf8');
}
