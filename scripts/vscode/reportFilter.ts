/**
 * Separates the test report from everything else that VS Code prints.
 *
 * Both arrive on one stream, and a workbench logs hundreds of lines in a run. The tests mark each line of their report
 * with a prefix; marked lines are shown without it, and the whole stream is kept in a file in case a run fails.
 */

import { Writable } from 'node:stream';

/** Prefix that no line of VS Code has. */
export const REPORT_PREFIX = '@report@ ';

/**
 * A stream that passes lines of the report to `show` and all text unchanged to `keep`. With `all`, every line is
 * shown.
 */
export function reportFilter(show: (line: string) => void, keep: (text: string) => void, all: boolean): Writable {
  let rest = '';
  const line = (text: string): void => {
    const at = text.indexOf(REPORT_PREFIX);
    if (at >= 0) show(text.slice(at + REPORT_PREFIX.length));
    else if (all) show(text);
  };
  return new Writable({
    decodeStrings: false,
    write(chunk: Buffer | string, _encoding, done) {
      const text = chunk.toString();
      keep(text);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const each of lines) line(each);
      done();
    },
    final(done) {
      if (rest) line(rest);
      done();
    },
  });
}
