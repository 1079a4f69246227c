/**
 * What runs found, in the labels of test items: VS Code itself knows only passed and failed, and has a screen reader read a
 * description in place of the label.
 */
import type { TestItem } from 'vscode';
import { t } from '../../../../core/text/l10n.ts';
import { number, plural } from '../../../../core/text/phrases.ts';
import { relabel } from '../../shown/relabel.ts';

/** What a run of the scenarios of one item found. */
export interface ItemReport {
  scenarios: number;
  failed: number;
  /** Without a verdict: inconclusive, or they could not be run. */
  errored: number;
  /** What they show, in a few words; undefined where nothing could be run. */
  badge: string | undefined;
}

/** Adds up. */
export const totalOf = (reports: readonly ItemReport[]): Omit<ItemReport, 'badge'> => ({
  scenarios: reports.reduce((sum, one) => sum + one.scenarios, 0),
  failed: reports.reduce((sum, one) => sum + one.failed, 0),
  errored: reports.reduce((sum, one) => sum + one.errored, 0),
});

/** `3 of 5 scenarios failed, 1 inconclusive`, `5 scenarios passed`; `all` names the scenarios. */
export function totalText(
  { scenarios, failed, errored }: Omit<ItemReport, 'badge'>,
  all = plural(scenarios, 'scenario'),
): string {
  if (failed > 0 && errored > 0) return t('{0} of {1} failed, {2} inconclusive', number(failed), all, number(errored));
  if (failed > 0) return t('{0} of {1} failed', number(failed), all);
  return errored > 0 ? t('{0} of {1} inconclusive', number(errored), all) : t('{0} passed', all);
}

/** Keeps the reports of items and writes labels: an item has the total of its own and of those below it. */
export class ItemReports {
  private readonly reports = new WeakMap<TestItem, ItemReport>();
  private readonly names = new WeakMap<TestItem, string>();

  /** Names an item apart from what runs found. */
  name(item: TestItem, name: string): void {
    this.names.set(item, name);
    this.write(item);
  }

  nameOf(item: TestItem): string {
    return this.names.get(item) ?? item.label;
  }

  /**
   * A run of the item begins: what earlier ones found of it and of its parts counts no longer, nor their sums. What is below
   * it and no part, a binary below its text, is not run with it.
   */
  begin(item: TestItem, isPart: (child: TestItem) => boolean = () => true): void {
    for (let above = item.parent; above !== undefined; above = above.parent) this.reports.delete(above);
    this.clear(item, isPart);
  }

  /** What the run found of the item itself; those below it may have reports of their own. */
  report(item: TestItem, report: ItemReport): void {
    this.reports.set(item, report);
    for (let at: TestItem | undefined = item; at !== undefined; at = at.parent) this.write(at);
  }

  /** Forgets what runs of the item and of those below it found. */
  clear(item: TestItem, isPart: (child: TestItem) => boolean = () => true): void {
    this.forget(item, isPart);
    for (let above = item.parent; above !== undefined; above = above.parent) this.write(above);
  }

  private forget(item: TestItem, isPart: (child: TestItem) => boolean): void {
    this.reports.delete(item);
    for (const [, child] of item.children) if (isPart(child)) this.forget(child, isPart);
    this.write(item);
  }

  private write(item: TestItem): void {
    const text = this.text(item);
    const label = text === undefined ? this.nameOf(item) : t('{0}: {1}', this.nameOf(item), text);
    relabel(item, label);
  }

  private text(item: TestItem): string | undefined {
    const own = this.reports.get(item);
    const reports = this.below(item);
    if (reports.length === 1 && own !== undefined && own.badge !== undefined)
      return own.scenarios === 1 ? own.badge : t('{0}; {1}', own.badge, totalText(own, number(own.scenarios)));
    const all = totalOf(reports);
    // Without the noun: the list is narrow.
    return all.scenarios === 0 ? undefined : totalText(all, number(all.scenarios));
  }

  private below(item: TestItem): ItemReport[] {
    const own = this.reports.get(item);
    return [...(own === undefined ? [] : [own]), ...[...item.children].flatMap(([, child]) => this.below(child))];
  }
}
