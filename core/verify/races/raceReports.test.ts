/** What the reader of race reports takes and what it survives. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseRaceReports, type ReportedAccess, type ReportedRace, type StackFrame } from './raceReports.ts';
import { RECORDED, recorded } from './testing/recorded.ts';

/** As Go writes it. */
function written({ round, later, earlier }: ReportedRace): string {
  const access = ({ write, atomic, address, goroutine, stack }: ReportedAccess, previous: boolean): string[] => {
    const word = `${previous ? 'Previous ' : ''}${atomic ? 'atomic ' : ''}${write ? 'write' : 'read'}`;
    const head = word[0].toUpperCase() + word.slice(1);
    const by = goroutine === null ? 'main goroutine' : `goroutine ${goroutine}`;
    return [
      `${head} at 0x${address.toString(16).padStart(12, '0')} by ${by}:`,
      ...stack.flatMap(({ function: name, file, line }) => [`  ${name}()`, `      ${file}:${line} +0x1f`]),
      ...(stack.length === 0 ? ['  [failed to restore the stack]'] : []),
      '',
    ];
  };
  return [
    ...(round === null ? [] : [`@verify round ${round}`]),
    '==================',
    'WARNING: DATA RACE',
    ...access(later, false),
    ...access(earlier, true),
    'Goroutine 7 (running) created at:',
    '  main.main()',
    '      /home/gopher/main.go:5 +0x1',
    '==================',
    ...(round === null ? [] : [`@verify end ${round}`]),
    '',
  ].join('\n');
}

const PLAIN = { noNullPrototype: true };
const frame: fc.Arbitrary<StackFrame> = fc.record(
  {
    function: fc.constantFrom(
      'main.callerA',
      'github.com/tetratelabs/wazero/internal/wasm.(*MemoryInstance).Grow',
      'main.generic[...]',
      'main.main.func1',
      'main.(*T[go.shape.int]).m-fm',
    ),
    file: fc.constantFrom(
      '/go/a.go',
      'C:/Users/A B/b.go',
      'github.com/tetratelabs/wazero@v1.9.0/x.go',
      '???',
      'a:1.go',
    ),
    line: fc.nat(100_000),
  },
  PLAIN,
);
const access: fc.Arbitrary<ReportedAccess> = fc.record(
  {
    write: fc.boolean(),
    atomic: fc.boolean(),
    address: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    goroutine: fc.option(fc.nat(1_000_000)),
    stack: fc.array(frame, { maxLength: 5 }),
  },
  PLAIN,
);
const race: fc.Arbitrary<ReportedRace> = fc.record(
  {
    round: fc.option(fc.nat(100_000)),
    later: access,
    earlier: access,
  },
  PLAIN,
);

describe('parseRaceReports', () => {
  test('reads back what is written in the form of Go', () => {
    fc.assert(
      fc.property(fc.array(race, { maxLength: 6 }), (races) => {
        const read = parseRaceReports(races.map(written).join(''));
        assert.deepEqual(read, { races, unread: 0, told: [] });
      }),
    );
  });

  test('other lines between reports and between their stacks do not matter', () => {
    fc.assert(
      fc.property(
        fc.array(race, { minLength: 1, maxLength: 4 }),
        fc.stringMatching(/^[a-z ]{0,20}$/),
        (races, noise) => {
          const text = races.map((one) => `${noise}\n${written(one)}${noise}\n`).join('');
          assert.deepEqual(parseRaceReports(text).races, races);
        },
      ),
    );
  });

  test('survives any text, and a report that is cut off anywhere', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseRaceReports(text)));
    const whole = recorded('random').text;
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        const { races, unread } = parseRaceReports(whole.slice(0, length));
        const begun = whole.slice(0, length).split('WARNING: DATA RACE\n').length - 1;
        // A warning of which the line is not whole has not begun.
        assert.ok(races.length + unread <= begun + 1 && races.length + unread >= begun);
      }),
    );
  });

  for (const file of RECORDED)
    test(`counts all reports of ${file}, each in its round`, () => {
      const { text } = recorded(file);
      const { races, unread, told } = parseRaceReports(text);
      assert.equal(races.length, text.split('WARNING: DATA RACE').length - 1);
      assert.equal(unread, 0);
      const rounds = new Set(told.map(({ round }) => round));
      for (const { round, later, earlier } of races) {
        assert.ok(round !== null && rounds.has(round));
        assert.ok(later.stack.length > 2 && earlier.stack.length > 2);
      }
    });

  test('lines end with a carriage return on Windows', () => {
    const text = recorded('global').text;
    assert.deepEqual(parseRaceReports(text.replaceAll('\n', '\r\n')), parseRaceReports(text));
  });

  test('a report outside of rounds has none, also after a round', () => {
    const one: ReportedAccess = { write: true, atomic: false, address: 64, goroutine: 3, stack: [] };
    const inside = written({ round: 4, later: one, earlier: one });
    const outside = written({ round: null, later: one, earlier: one });
    assert.deepEqual(
      parseRaceReports(outside + inside + outside).races.map(({ round }) => round),
      [null, 4, null],
    );
  });
});
