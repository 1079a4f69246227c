/** Shows failed requests to the user. */
import { window } from 'vscode';
import { noticeText } from '../../../core/harmless/labels.ts';
import type { Server } from '../server.ts';

/** Says what failed and offers the output channel. Does not wait for the user. */
export function reportFailure(server: Server, what: string, error: unknown): undefined {
  const why = error instanceof Error ? error.message : String(error);
  void window.showErrorMessage(noticeText(`${what}: ${why}`), 'Show Output').then((button) => {
    if (button) server.showOutput();
  });
  return undefined;
}
