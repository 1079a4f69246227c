/** Commands of ours by the types of the protocol: a misspelt one does not compile. */
import { commands, type Disposable } from 'vscode';
import type { CommandArguments, CommandId } from '../../../server/src/protocol.ts';

/** `run` resolves with what code that executes the command gets. */
export const registerCommand = <Id extends CommandId>(
  id: Id,
  run: (...args: CommandArguments[Id]) => unknown,
): Disposable => commands.registerCommand(id, run);

export const executeCommand = <Id extends CommandId>(id: Id, ...args: CommandArguments[Id]): Thenable<unknown> =>
  commands.executeCommand(id, ...args);
