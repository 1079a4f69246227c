/** Has the schedule of a finding run again, for the player of the report. */
import type { Uri } from 'vscode';
import { executeCommand } from '../commands/typedCommands.ts';

/** `params` comes from a page and is not trusted to have its type. Rejects with a message for the user. */
export async function replayFinding(uri: Uri, params: unknown): Promise<unknown> {
  const { finding } = (params ?? {}) as { finding?: unknown };
  if (typeof finding !== 'string') throw new Error('there is no such finding');
  return executeCommand('wasm-hazards.runSchedule', uri.toString(), finding);
}
