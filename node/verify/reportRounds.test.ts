/** What the driver writes, in pieces of any size, belongs to its rounds. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseRaceReports } from '../../core/verify/races/raceReports.ts';
import { ReportStream } from './reportStream.ts';

const REPORT = `==================
WARNING: DATA RACE
Write at 0x00c000012340 by goroutine 11:
  main.callerA()
      /home/gopher/main.go:1 +0x1

Previous read at 0x00c000012340 by goroutine 10:
  main.callerB()
      /home/gopher/main.go:2 +0x1

==================
`;
const round = (number: number, reports: number): string =>
  `\n@verify round ${number} \n${REPORT.repeat(reports)}${reports > 0 ? `\n@verify end ${number} {"before":[]}\n` : ''}`;

function streamed(text: string, sizes: readonly number[]): ReportStream {
  const stream = new ReportStream();
  for (let at = 0, i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length];
    stream.take(text.slice(at, at + size));
    at += size;
  }
  return stream;
}

describe('rounds of a driver', () => {
  test('keeps rounds with reports, however the text arrives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
        (counts, sizes) => {
          const stream = streamed(counts.map((reports, i) => round(i, reports)).join(''), sizes);
          assert.equal(stream.end(false).trim(), '');
          const kept = stream.reported.map((one) => [one.round, parseRaceReports(one.text).races.length]);
          assert.deepEqual(
            kept,
            counts.flatMap((reports, i) => (reports > 0 ? [[i, reports]] : [])),
          );
        },
      ),
    );
  });

  test('bounds a round, and keeps its last report whole and where the state was', () => {
    const stream = streamed(round(0, 5000) + round(1, 1), [65_536]);
    stream.end(false);
    const [{ text }] = stream.reported;
    assert.ok(text.length < 300_000);
    const { races, unread, told } = parseRaceReports(text);
    assert.ok(races.length > 500 && races.length < 5000);
    assert.deepEqual([unread, told.map(({ about }) => about)], [0, ['{"before":[]}']]);
    assert.equal(stream.reported.length, 2);
  });
});
