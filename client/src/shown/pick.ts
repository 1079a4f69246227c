/** Lists to pick from, whose entries VS Code searches for icons. */
import { type QuickPickItem, QuickPickItemKind, type QuickPickOptions, window } from 'vscode';
import { labelText, titleText } from '../../../core/harmless/labels.ts';

/** An entry: its texts may come from anywhere. */
export interface PickEntry extends Pick<QuickPickItem, 'label' | 'description' | 'detail' | 'kind'> {
  /** Name of the icon before the label. */
  readonly icon?: string;
}

/** Asks for one of `choices`; undefined when the user picks none. */
export async function pick<One extends PickEntry>(
  choices: readonly One[],
  { title, placeHolder, ...options }: Omit<QuickPickOptions, 'canPickMany'>,
): Promise<One | undefined> {
  const items = choices.map((choice) => ({ ...shownChoice(choice), choice }));
  const picked = await window.showQuickPick(items, {
    ...options,
    title: title && titleText(title),
    placeHolder: placeHolder && titleText(placeHolder),
  });
  return picked?.choice;
}

function shownChoice({ icon, label, description, detail, kind }: PickEntry): QuickPickItem {
  if (kind === QuickPickItemKind.Separator) return { label: titleText(label), kind };
  return {
    label: `${icon === undefined ? '' : `$(${icon}) `}${labelText(label)}`,
    description: description && labelText(description),
    detail: detail && labelText(detail),
  };
}
