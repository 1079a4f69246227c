/** Our commands, typed by the protocol: a misspelt one does not compile. */
import { type Command, commands, type Disposable } from 'vscode';
import type { CommandArguments, CommandId } from '../../../server/src/protocol.ts';

/** Code that executes the command gets what `run` resolves with. */
export const registerCommand = <Id extends CommandId>(
  id: Id,
  run: (...args: CommandArguments[Id]) => unknown,
): Disposable => commands.registerCommand(id, run);

/** Resolves with what the handler of the command returned; rejects when the handler does. */
export const executeCommand = <Id extends CommandId>(id: Id, ...args: CommandArguments[Id]): Thenable<unknown> =>
  commands.executeCommand(id, ...args);

/** One of our commands as code lenses and quick fixes carry it. */
export const commandOf = <Id extends CommandId>(title: string, id: Id, ...args: CommandArguments[Id]): Command => ({
  title,
  command: id,
  arguments: args,
});
