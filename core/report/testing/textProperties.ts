/** What must hold for every text for terminals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { widthOf } from '../../report/text/style.ts';

/**
 * Tests of one text.
 * @param textWith makes the text with the given width and colours
 * @param mayBeLong whether a line may be wider than the window, because it cannot be broken
 */
export function testText(
  name: string,
  textWith: (options: { columns?: number; colour: boolean }) => string,
  mayBeLong: (line: string) => boolean,
): void {
  test(`${name}: lines fit, but for the command to copy`, () => {
    for (const columns of [60, 80, 100, 132]) {
      const lines = textWith({ columns, colour: false }).split('\n');
      const long = lines.filter((line) => widthOf(line) > columns && !/^ {2}Replay: |^\S/.test(line));
      assert.deepEqual(
        long.filter((line) => !mayBeLong(line)),
        [],
        `${columns} columns`,
      );
    }
  });

  test(`${name}: nothing that a terminal obeys, and colours change no text`, () => {
    const plain = textWith({ colour: false });
    assert.doesNotMatch(plain, /[^\P{C}\n]/u);
    assert.doesNotMatch(plain, / $/m);
    const painted = textWith({ colour: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    assert.equal(painted.replace(/\u001b\[\d+m/g, ''), plain);
  });
}
