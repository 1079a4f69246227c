/** Texts of the Test Explorer: labels, in which VS Code looks for icons, and messages and output, which a terminal shows. */
import {
  type Position,
  type TestController,
  type TestItem,
  TestMessage,
  TestMessageStackFrame,
  type TestRun,
  type Uri,
} from 'vscode';
import { labelText, titleText } from '../../../core/harmless/labels.ts';
import { terminalText } from '../../../core/harmless/terminal.ts';

/** A new item of the Test Explorer, which is in no list yet. */
export const newTestItem = (controller: TestController, id: string, label: string, uri?: Uri): TestItem =>
  controller.createTestItem(id, labelText(label), uri);

/** A message of a test, of several lines. */
export const testMessage = (text: string): TestMessage => new TestMessage(terminalText(text));

/** A frame of the stack below a message. */
export const testFrame = (label: string, uri: Uri | undefined, at: Position | undefined): TestMessageStackFrame =>
  new TestMessageStackFrame(titleText(label), uri, at);

/** Writes lines to the output of a run. */
export const writeOutput = (run: TestRun, text: string, item?: TestItem): void =>
  run.appendOutput(`${terminalText(text).replaceAll('\n', '\r\n')}\r\n`, undefined, item);
