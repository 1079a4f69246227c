/**
 * Separates the test report from everything else that VS Code prints.
 *
 * Both arrive on one stream: a workbench logs hundreds of lines of its own in a run. The tests mark each line of their
 * report with a prefix; marked lines are shown without it, the whole stream is kept in a file for when a run breaks.
 */

import { Writable } from 'node:stream';

/** No line of VS Code looks like this. */
export const REPORT_PREFIX = '@report@ ';

/** `show` gets lines of the report, `keep` gets all text as it came. With `all`, every line is shown. */
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
