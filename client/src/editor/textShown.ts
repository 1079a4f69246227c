/** Waits until VS Code has reloaded a changed text. */
import { type TextDocument, workspace } from 'vscode';

/** VS Code reloads at once unless the machine is very busy; this bounds the wait should it never do so. */
const PATIENCE_MS = 15_000;

/** Resolves when `document` shows `text`; false when it does not in time. */
export function textShown(document: TextDocument, text: string): Promise<boolean> {
  // A text is never `\r\n` here, whatever the user's default for new files.
  const isShown = (): boolean => document.getText() === text;
  if (isShown()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (shown: boolean): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(shown);
    };
    const timer = setTimeout(() => end(false), PATIENCE_MS);
    const subscription = workspace.onDidChangeTextDocument((event) => {
      if (event.document === document && isShown()) end(true);
    });
  });
}
