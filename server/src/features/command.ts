/** Our commands in answers to the editor, typed by `protocol.ts`. */
import type { Command } from 'vscode-languageserver';
import type { CommandArguments, CommandId } from '../protocol.ts';

export const command = <Id extends CommandId>(title: string, id: Id, ...args: CommandArguments[Id]): Command => ({
  title,
  command: id,
  arguments: args,
});
