/** What the command lines of all commands have in common. */
import { dirname, resolve } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { SourcePaths } from '../../core/debug/paths.ts';
import { HOST_IDS, type HostId, isHostId } from '../../core/hosts/index.ts';
import { DEFAULT_FORMAT, FORMAT_NAMES, type FormatName } from '../../core/report/formats.ts';
import { hostAround } from '../../node/hostDetection.ts';
import { UsageError } from './io.ts';

/** Widest line of a help text. */
const HELP_WIDTH = 100;

/** Words for a help text, separated by `separator`, in lines that begin at column `indent`; the first has no indent. */
export function wordLines(words: readonly string[], indent: number, separator: string): string {
  const lines = [''];
  words.forEach((word, i) => {
    const text = i === words.length - 1 ? word : word + separator;
    if (indent + lines[lines.length - 1].length + text.trimEnd().length > HELP_WIDTH) lines.push('');
    lines[lines.length - 1] += text;
  });
  return lines.map((line) => line.trimEnd()).join(`\n${' '.repeat(indent)}`);
}

/** Options and positional arguments. @throws UsageError that says what is wrong with them */
export function parseCommandLine<T extends ParseArgsOptionsConfig>(command: string, args: string[], options: T) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    // Messages of parseArgs have several sentences; the first says what is wrong.
    throw new UsageError(`${command}: ${(error as Error).message.split(/\. |\n/)[0]}`);
  }
}

/** `value` as one of the allowed words. @throws UsageError that lists them */
export function oneOf<T extends string>(command: string, option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw unknown(command, option, value, allowed);
  return found;
}

/** The value of `--format`. */
export const formatOf = (command: string, value: string): FormatName => oneOf(command, 'format', value, FORMAT_NAMES);

/** The line of `--format` in a command's help: `text or json (default text)`. */
export const FORMAT_HELP = `${FORMAT_NAMES.slice(0, -1).join(', ')} or ${FORMAT_NAMES.at(-1)} (default ${DEFAULT_FORMAT})`;

/** Whether a command speaks of the source of a module: as far as it is known, or not at all. */
const SOURCE_MODES = ['auto', 'off'] as const;

/** How a command speaks of the source of a module. */
export interface SourceOptions {
  mode: (typeof SOURCE_MODES)[number];
  /** Folders by the beginning of paths of the build. */
  paths: SourcePaths;
}

/** `--source` and `--source-path` as `parseArgs` describes options. */
export const SOURCE_OPTIONS = {
  source: { type: 'string', default: 'auto' },
  'source-path': { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** What they say. @throws UsageError */
export function sourceOptions(command: string, values: { source: string; 'source-path': string[] }): SourceOptions {
  const paths = values['source-path'].map((text): [prefix: string, folder: string] => {
    const at = text.lastIndexOf('=');
    if (at < 1 || at === text.length - 1)
      throw new UsageError(`${command}: --source-path expects PREFIX=FOLDER, not ${text}`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return { mode: oneOf(command, 'source', values.source, SOURCE_MODES), paths: Object.fromEntries(paths) };
}

/** The lines of `--source` and `--source-path` in the help of every command with results. */
export const SOURCE_HELP = `      --source MODE       auto (default): lines and variables of the source, where the module has debug
                          information; off: byte offsets and addresses alone
      --source-path P=F   paths of the build that begin with P are in folder F; may be repeated`;

/** The value of a `--host` that can be `auto`. @throws UsageError */
export function hostOption(command: string, value: string): HostId | 'auto' {
  if (value === 'auto' || isHostId(value)) return value;
  throw unknown(command, 'host', value, ['auto', ...HOST_IDS]);
}

/** A value that is not among the allowed words, which the message lists. */
export const unknown = (command: string, option: string, value: string, allowed: readonly string[]): UsageError =>
  new UsageError(`${command}: --${option} cannot be ${JSON.stringify(value)}; it is one of ${allowed.join(', ')}`);

/**
 * `--host`: what was asked for, or for `auto` the host of the project around `file` (`-`: around the
 * current directory) and why it is that one.
 */
export async function hostFor(
  wanted: HostId | 'auto',
  file: string,
): Promise<{ host: HostId; reason: string | undefined }> {
  if (wanted !== 'auto') return { host: wanted, reason: undefined };
  return hostAround(file === '-' ? resolve('.') : dirname(resolve(file)), [resolve('.')]);
}
