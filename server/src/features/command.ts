/** Our commands in answers to the editor, typed by `protocol.ts`. */
import type { Command } from 'vscode-languageserver';
import type { CommandArguments, CommandId } from '../protocol.ts';

/** A command for the editor, with the text that it shows and the arguments that the client expects. */
export const command = <Id extends CommandId>(title: string, id: Id, ...args: CommandArguments[Id]): Command => ({
  title,
  command: id,
  arguments: args,
});
