/**
 * Notifications and progress. VS Code makes links of `[text](command:...)` in them, whatever the text comes from; nothing else
 * in the extension calls its functions for them (`scripts/harmless`).
 */
import { type CancellationToken, type Progress, type ProgressOptions, window } from 'vscode';
import { noticeText } from '../../../core/harmless/labels.ts';

/** Shows what happened; resolves with the pressed button. */
export const showInformation = (text: string, ...buttons: string[]): Thenable<string | undefined> =>
  window.showInformationMessage(noticeText(text), ...buttons);

/** The same for what needs attention. */
export const showWarning = (text: string, ...buttons: string[]): Thenable<string | undefined> =>
  window.showWarningMessage(noticeText(text), ...buttons);

/** The same for what failed. */
export const showError = (text: string, ...buttons: string[]): Thenable<string | undefined> =>
  window.showErrorMessage(noticeText(text), ...buttons);

/** What a piece of work reports. */
export type NoticeProgress = Progress<{ message?: string; increment?: number }>;

/** Shows the progress of a piece of work while it lasts. */
export const withProgress = <R>(
  { title, ...options }: ProgressOptions,
  work: (progress: NoticeProgress, token: CancellationToken) => Thenable<R>,
): Thenable<R> =>
  window.withProgress({ ...options, title: title && noticeText(title) }, (progress, token) =>
    work(
      { report: ({ message, increment }) => progress.report({ message: message && noticeText(message), increment }) },
      token,
    ),
  );
