/** What a driver writes to standard error. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReportStream } from './reportStream.ts';

const REPORT = '==================\nWARNING: DATA RACE\nRead at 0x00c000\n==================\n';

describe('the output of a driver', () => {
  it('has reports by round, however it arrives in pieces, and the rest beside them', () => {
    const text = `\n@verify round 0 {}\n\n@verify round 1 {"at":1}\n${REPORT}\n@verify round 2 {}\nfatal error: fault\n`;
    for (const size of [1, 7, text.length]) {
      const stream = new ReportStream();
      for (let at = 0; at < text.length; at += size) stream.take(text.slice(at, at + size));
      const rest = stream.end(true);
      assert.deepEqual(
        stream.reported.map(({ round, regions }) => [round, regions]),
        [[1, '{"at":1}']],
      );
      assert.match(stream.reported[0].text, /WARNING: DATA RACE/);
      assert.equal(rest.trim(), 'fatal error: fault');
    }
  });

  it('has the report and the end of a process that ends in the same round', () => {
    const stream = new ReportStream();
    stream.take(`\n@verify round 3 {}\n${REPORT}unexpected fault address 0x0`);
    const rest = stream.end(true);
    assert.deepEqual(
      stream.reported.map(({ round }) => round),
      [3],
    );
    assert.match(rest, /unexpected fault address/);
  });
});
