import assert from 'node:assert/strict';
import { it } from 'node:test';
import { REPORT_PREFIX, reportFilter } from './reportFilter.ts';

function filter(all: boolean, ...chunks: string[]): { shown: string[]; kept: string } {
  const result = { shown: [] as string[], kept: '' };
  const stream = reportFilter(
    (line) => result.shown.push(line),
    (text) => {
      result.kept += text;
    },
    all,
  );
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return result;
}

it('shows the report, whole lines, wherever chunks are cut, and keeps everything', () => {
  const text = `noise\n[log] ${REPORT_PREFIX}  1 passing\n${REPORT_PREFIX}\nmore noise`;
  for (let cut = 0; cut < text.length; cut++) {
    const { shown, kept } = filter(false, text.slice(0, cut), text.slice(cut));
    assert.deepEqual(shown, ['  1 passing', '']);
    assert.equal(kept, text);
  }
});

it('shows all lines on demand', () => {
  assert.deepEqual(filter(true, `noise\n${REPORT_PREFIX}ok`).shown, ['noise', 'ok']);
});
