/** Options whose value is one of a few words. */
import { UsageError } from './io.ts';

/** `value` as one of the allowed words. @throws UsageError that lists them */
export function oneOf<T extends string>(command: string, option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw unknown(command, option, value, allowed);
  return found;
}

export const unknown = (command: string, option: string, value: string, allowed: readonly string[]): UsageError =>
  new UsageError(`${command}: --${option} cannot be ${JSON.stringify(value)}; it is one of ${allowed.join(', ')}`);
