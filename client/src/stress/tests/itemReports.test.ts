import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import type { TestItem } from 'vscode';
import { type ItemReport, ItemReports, totalOf, totalText } from './itemReports.ts';

test('a total says what failed, what has no verdict, and that all passed only where all did', () => {
  const of = (scenarios: number, failed: number, errored: number): string => totalText({ scenarios, failed, errored });
  assert.equal(of(5, 3, 0), '3 of 5 scenarios failed');
  assert.equal(of(5, 3, 1), '3 of 5 scenarios failed, 1 inconclusive');
  assert.equal(of(1, 0, 1), '1 of 1 scenario inconclusive');
  assert.equal(of(5, 0, 0), '5 scenarios passed');
  assert.equal(totalText({ scenarios: 1200, failed: 1000, errored: 0 }, '1,200'), '1,000 of 1,200 failed');
});

test('totals of several items add up', () => {
  const one = { scenarios: 2, failed: 1, errored: 0, badge: 'race' };
  assert.deepEqual(totalOf([one, { ...one, failed: 0, errored: 2 }]), { scenarios: 4, failed: 1, errored: 2 });
  assert.deepEqual(totalOf([]), { scenarios: 0, failed: 0, errored: 0 });
});

describe('labels of a tree of tests', () => {
  /** As much of a test item as labels need. */
  function item(label: string, ...children: TestItem[]): TestItem {
    const made = { label, parent: undefined, children: children.map((child) => [child.label, child]) };
    for (const child of children) Object.assign(child, { parent: made });
    return made as unknown as TestItem;
  }
  const found = (scenarios: number, failed: number): ItemReport => ({ scenarios, failed, errored: 0, badge: 'race' });

  function tree() {
    const [itself, other] = [item('with itself'), item('other')];
    const inc = item('inc', itself);
    const module = item('a.wat', inc, other);
    const folder = item('folder', module);
    const reports = new ItemReports();
    for (const one of [folder, module, inc, itself, other]) reports.name(one, one.label);
    return { reports, folder, module, inc, itself, other };
  }

  it('have the totals of what is below them, the folder included', () => {
    const { reports, folder, module, inc, itself, other } = tree();
    reports.begin(module);
    reports.report(itself, found(1, 1));
    reports.report(other, found(2, 0));
    assert.deepEqual(
      [folder, module, inc, itself, other].map(({ label }) => label),
      [
        'folder: 1 of 3 failed',
        'a.wat: 1 of 3 failed',
        'inc: 1 of 1 failed',
        'with itself: race',
        'other: race; 2 passed',
      ],
    );
  });

  it('count what a run of an export put at the export and at a pair below it, in any order', () => {
    for (const isFirst of [true, false]) {
      const { reports, module, inc, itself } = tree();
      reports.begin(inc);
      if (isFirst) reports.report(inc, found(3, 1));
      reports.report(itself, found(1, 1));
      if (!isFirst) reports.report(inc, found(3, 1));
      assert.deepEqual([module.label, inc.label], ['a.wat: 2 of 4 failed', 'inc: 2 of 4 failed']);
    }
  });

  it('forget what another run of the same found, and what was found above', () => {
    const { reports, module, inc, itself } = tree();
    reports.begin(inc);
    reports.report(inc, found(3, 1));
    reports.report(itself, found(1, 1));
    reports.begin(itself);
    reports.report(itself, found(1, 0));
    assert.deepEqual([module.label, inc.label], ['a.wat: 1 passed', 'inc: 1 passed']);
    reports.clear(itself);
    assert.deepEqual([module.label, inc.label, itself.label], ['a.wat', 'inc', 'with itself']);
  });

  it('keep what was found of a binary below its text when the text is run again', () => {
    const binary = item('a.wasm');
    const inc = item('inc');
    const module = item('a.wat', inc, binary);
    const reports = new ItemReports();
    for (const one of [module, inc, binary]) reports.name(one, one.label);
    reports.report(binary, found(1, 1));
    reports.report(inc, found(1, 1));
    reports.begin(module, (child) => child !== binary);
    assert.deepEqual([module.label, inc.label, binary.label], ['a.wat: 1 of 1 failed', 'inc', 'a.wasm: race']);
  });
});
