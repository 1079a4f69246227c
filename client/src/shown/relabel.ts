/** Labels of tests that change. Apart from `testTexts.ts`, because it needs no VS Code. */
import type { TestItem } from 'vscode';
import { labelText } from '../../../core/harmless/labels.ts';

/** Gives an item another label; one that it has already is no change for VS Code. */
export function relabel(item: TestItem, label: string): void {
  const shown = labelText(label);
  if (shown !== item.label) item.label = shown;
}
