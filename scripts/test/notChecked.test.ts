import assert from 'node:assert/strict';
import { it } from 'node:test';
import { NotChecked } from './notChecked.ts';

it('says each thing once, and which of them this machine could have checked', () => {
  const notChecked = new NotChecked();
  notChecked.skipped('the Rust of wrappers: cargo cannot be started');
  notChecked.skipped('the Rust of wrappers: cargo cannot be started');
  notChecked.skipped('no display');
  notChecked.printed('one\nNOT CHECKED: races of Go wrappers: go build -race fails\nNOT CHECKED');
  assert.deepEqual(notChecked.lines(), [
    'NOT CHECKED: no display',
    'NOT CHECKED: races of Go wrappers: go build -race fails',
    'NOT CHECKED: the Rust of wrappers: cargo cannot be started (2 times)',
  ]);
  const avoidable = (...installed: string[]): string[] =>
    notChecked.avoidable((program) => installed.includes(program));
  assert.deepEqual(avoidable('go', 'gofmt', 'cargo'), ['NOT CHECKED: races of Go wrappers: go build -race fails']);
  assert.deepEqual(avoidable('cargo', 'rustc', 'rustfmt').length, 1);
  assert.deepEqual(avoidable('go'), []);
  notChecked.skipped('the C of generated wrappers: the headers cannot be downloaded');
  assert.equal(avoidable('gcc').length, 1);
});

it('counts what this machine could have checked as failed, if the run is strict', () => {
  const notChecked = new NotChecked();
  notChecked.skipped('no display');
  const printed: string[] = [];
  const counts = { passed: 3, failed: 0, skipped: 1 };
  assert.deepEqual(
    notChecked.conclude(counts, true, (line) => void printed.push(line)),
    counts,
  );
  assert.deepEqual(printed, ['NOT CHECKED: no display']);
});
