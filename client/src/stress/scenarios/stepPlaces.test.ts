/** Places in scenario files: `|` is where the cursor is. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stepLabel, stepPlaceAt } from './stepPlaces.ts';

const at = (text: string) => stepPlaceAt(text.replace('|', ''), text.indexOf('|'));

describe('the export of a call', () => {
  const cases: [string, string, { isObject: boolean; hasArguments: boolean }][] = [
    ['in the short form', '{"callers": [[["ma|lloc", 4]]]}', { isObject: false, hasArguments: true }],
    ['without arguments', '{"setup": [["|"]]}', { isObject: false, hasArguments: false }],
    ['of an object', '{"callers": [[{"call": "ma|"}]]}', { isObject: true, hasArguments: false }],
    [
      'of an object with arguments, in repeated steps',
      '{"callers": [{"steps": [["f"], {"call": "|", "args": []}], "repeat": 2}]}',
      { isObject: true, hasArguments: true },
    ],
    ['of the probe', '{"probe": [{"call": "|"', { isObject: true, hasArguments: false }],
  ];
  for (const [what, text, found] of cases)
    test(what, () => {
      const place = at(text);
      assert.ok(place?.kind === 'export', JSON.stringify(place));
      assert.deepEqual({ isObject: place.isObject, hasArguments: place.hasArguments }, found);
    });
});

describe('an expression', () => {
  const setup = '"setup": [{"call": "open", "as": "db"}]';
  const steps = '{"call": "malloc", "args": [4], "as": "p"}';
  const cases: [string, string, string, string[]][] = [
    ['in an address', `{${setup}, "callers": [[${steps}, {"write": "$|"}]]}`, '$', ['db', 'p']],
    ['in an argument', `{${setup}, "callers": [[${steps}, ["f", "1 + $p|"]]]}`, '$p', ['db', 'p']],
    ['in args', `{"callers": [[${steps}, {"call": "f", "args": [1, "|"]}]]}`, '', ['p']],
    ['in repeated steps', `{"callers": [{"steps": [${steps}, {"read": 1, "length": "$|p - 1"}]}]}`, '$p', ['p']],
    ['at the beginning of a name', `{"callers": [[${steps}, {"expect": "1 == |$p"}]]}`, '$p', ['p']],
    [
      'of the step itself and of other callers: not known',
      `{"callers": [[${steps}], [{"read": "$|", "as": "q"}]]}`,
      '$',
      [],
    ],
    ['of a number that is written', `{"callers": [[${steps}, {"write": 1, "i32": "$|"}]]}`, '$', ['p']],
    [
      'of an invariant: only the setup',
      `{${setup}, "callers": [[${steps}]], "invariants": ["i32($|) > 0"]}`,
      '$',
      ['db'],
    ],
    ['of the setup: what comes before', `{"setup": [${steps}, {"read": "$|"}, ["f"]]}`, '$', ['p']],
  ];
  for (const [what, text, word, names] of cases)
    test(what, () => {
      const place = at(text);
      assert.ok(place?.kind === 'expression', JSON.stringify(place));
      assert.deepEqual([place.word, [...place.names.keys()]], [word, names]);
      const whole = text.replace('|', '');
      assert.equal(whole.slice(place.replaced.start, place.replaced.end), word);
    });

  test('names come with the steps that give them', () => {
    const place = at(`{"callers": [[${steps}, ["free", "$|"]]]}`);
    assert.ok(place?.kind === 'expression');
    assert.deepEqual([...place.names.values()].map(stepLabel), ['p = malloc(4)']);
  });
});

test('nothing stands at keys, contents and other values', () => {
  for (const text of [
    '{"callers": [[{"|": 1}]]}',
    '{"callers": [[{"write": 1, "utf8": "$|"}]]}',
    '{"callers": [[{"call": "f", "as": "|"}]]}',
    '{"module": "|"}',
    '{"callers": [[[1, |]]]}',
    '|',
  ])
    assert.equal(at(text), undefined, text);
});
