/**
 * Takes back what the Test Explorer shows of results that are gone. VS Code keeps the state of a test by its id, so the tests
 * get other ones, and badges beside the code until another run of tests: one of nothing.
 */
import {
  Disposable,
  l10n,
  type TestController,
  type TestItem,
  type TestRunProfile,
  TestRunRequest,
  type Uri,
} from 'vscode';
import type { BadgeLines } from '../results/badgeLines.ts';
import type { TestItems } from '../tests/testItems.ts';

/** Knows which tests have states, and what module these are about. */
export class TestStates extends Disposable {
  readonly #controller: TestController;
  readonly #items: TestItems;
  readonly #badges: BadgeLines;
  /** Key of the module that was run, by test item. */
  readonly #ran = new Map<TestItem, string>();
  /** How tests were run last. */
  #profile: TestRunProfile | undefined;
  /** To be reset when no run is active any longer. */
  readonly #due = new Set<TestItem>();
  #active = 0;
  #ended = false;

  constructor(items: TestItems, badges: BadgeLines) {
    super(() => {
      this.#ended = true;
    });
    this.#controller = items.controller;
    this.#items = items;
    this.#badges = badges;
  }

  runBegins(profile: TestRunProfile | undefined): void {
    this.#active++;
    this.#profile = profile;
    this.#badges.runBegins();
  }

  runEnds(): void {
    this.#active--;
    this.#reset();
  }

  /** A run tells the state of a test, which is about a module. */
  tells(item: TestItem, module: Uri): void {
    this.#ran.set(item, module.toString());
    this.#due.delete(item);
  }

  /** Takes back the states of tests that fit, and what their labels say. */
  takeBack(fits: (item: TestItem, module: string) => boolean): void {
    for (const [item, module] of [...this.#ran]) {
      if (!fits(item, module)) continue;
      this.#ran.delete(item);
      this.#items.reports.clear(item);
      this.#due.add(item);
    }
    this.#reset();
  }

  #reset(): void {
    if (this.#active > 0 || this.#due.size === 0 || this.#ended) return;
    const due = [...this.#due];
    this.#due.clear();
    // It is the last run now, and what "Rerun Last Run" runs again.
    const request = new TestRunRequest(this.#items.renew(due), undefined, this.#profile, false, true);
    const run = this.#controller.createTestRun(request, l10n.t('Cleared results'), false);
    run.end();
    this.#badges.runBegins();
  }
}
