import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goString, pyString, rustString, tsString } from './code.ts';
import { htmlText, jsonInHtml } from './html.ts';
import { hasUnseen } from './invisible.ts';
import { jsonText } from './json.ts';
import { labelText, noticeText, titleText } from './labels.ts';
import { codeBlock, codeSpan, commandMarkdown, markdownSentence, markdownText } from './markdown.ts';
import { displayable } from './names.ts';
import { terminalLine, terminalText } from './terminal.ts';

/** One of each kind: escape, C1, bidirectional, joiner, tag, ignorable letter, blank, separator, half of a pair, no character. */
const UNSEEN = '\u001b\u009b\u202e\u2066\u200d\u{e0041}\u3164\u115f\u034f\ufe0f\u2800\u00a0\u2028\ud800\uffff\ufeff';

describe('what cannot be seen', () => {
  const media: Record<string, (text: string) => string> = {
    ...{
      displayable,
      markdownText,
      markdownSentence,
      codeSpan,
      codeBlock,
      noticeText,
      labelText,
      titleText,
      terminalLine,
      terminalText,
      htmlText,
    },
    ...{ goString, rustString, pyString, tsString },
    json: (text) => jsonText(text),
    jsonInHtml: (text) => jsonInHtml(text),
  };
  for (const [medium, harmless] of Object.entries(media)) {
    it(`is an escape: ${medium}`, () => {
      for (const character of UNSEEN) {
        const shown = harmless(`a${character}b`).replaceAll('\n', '');
        assert.ok(!hasUnseen(shown), `${medium} of U+${character.codePointAt(0)?.toString(16)}: ${shown}`);
      }
    });
    it(`and letters of any language are not: ${medium}`, () => {
      assert.match(harmless('größe 数 привет'), /größe 数 привет/);
    });
  }
});

describe('JSON', () => {
  it('has the same values', () => {
    const value = { [UNSEEN]: [UNSEEN, { a: 'b\n\t"\\' }] };
    assert.deepEqual(JSON.parse(jsonText(value)), value);
    assert.deepEqual(JSON.parse(jsonText(value, 2)), value);
    assert.deepEqual(JSON.parse(jsonInHtml(value)), value);
  });

  it('cannot end a script element', () => {
    assert.doesNotMatch(jsonInHtml('</script><!--'), /[<>]/);
  });
});

describe('Markdown', () => {
  it('has no links, code, icons, formulas or HTML from a name', () => {
    assert.equal(markdownText('[a](command:b) ![c](d)'), '\\[a\\](command:b) !\\[c\\](d)');
    assert.equal(markdownText('`x` $(error) <b>&lt;'), '\\`x\\` \\$(error) \\<b>\\&lt;');
    assert.equal(markdownText('a_b _c_ **d** ~~e~~ $x$ |'), 'a_b \\_c\\_ \\*\\*d\\*\\* \\~\\~e\\~\\~ \\$x\\$ \\|');
    assert.equal(codeSpan('a` [b](command:c) `'), "`a' [b](command:c) '`");
  });

  it('has no links without brackets', () => {
    assert.equal(markdownText('https://a.b www.c.d e@f.g'), 'https\\://a.b www\\.c.d e\\@f.g');
  });

  it('has no headings, lists, quotations or titles', () => {
    for (const mark of ['#', '>', '-', '+', '=', '---']) assert.ok(markdownText(`${mark} a`).startsWith('\\'), mark);
    assert.equal(markdownText('1. a'), '1\\. a');
    assert.equal(markdownText('* a'), '\\* a');
  });

  it('stays in one paragraph and breaks at spaces', () => {
    assert.equal(markdownText('a\n\n# b  c'), 'a # b c');
  });

  it('keeps the quotations of a sentence, and no other markup', () => {
    assert.equal(markdownSentence('`a*b` writes $c [d](command:e)'), '`a*b` writes \\$c \\[d\\](command:e)');
    // A name with a backtick moves the quotations: what was code is text, and the other way round.
    assert.equal(markdownSentence('x` of `[y](command:z)`'), 'x` of `\\[y\\](command:z)\\`');
  });

  it('has code of any content', () => {
    assert.equal(codeBlock('a\n```\n[b](command:c)\t\u001b'), '````text\na\n```\n[b](command:c)\t\\u{1b}\n````');
  });

  it('has links whose arguments do not end them', () => {
    assert.doesNotMatch(commandMarkdown('a', 'b', ['x) [c](command:d', '\ud800']).slice('[a]('.length, -1), /[() ]/);
  });
});

describe('labels and notifications', () => {
  it('have no links and no icons from a name', () => {
    assert.equal(noticeText('[a](command:b).wat'), '[a] (command:b).wat');
    assert.equal(labelText('$(error) $(sync~spin) $(x y)'), '\\$(error) \\$(sync~spin) $(x y)');
    assert.equal(labelText(labelText('$(error)')), '\\$(error)');
  });

  it('are one line', () => {
    assert.equal(noticeText('a\r\n\tb'), 'a b');
    assert.equal(labelText('a\nb'), 'a b');
  });
});

describe('a terminal', () => {
  it('gets colours where they are asked for, and nothing else', () => {
    assert.equal(terminalText('\u001b[31ma\u001b[39m\u001b[2J\tb\n', true), '\u001b[31ma\u001b[39m\\u{1b}[2J\tb\n');
    assert.equal(terminalText('\u001b[31ma'), '\\u{1b}[31ma');
    assert.equal(terminalLine('a\n\u001b]0;title\u0007b'), 'a \\u{1b}]0;title\\u{7}b');
  });
});
