/** The calls that a new instance needs before its API works, as calls of `P_impl_begin`; the same for every runtime. */
import { isMain, type LifeCall } from '../lifeCalls.ts';
import type { WrapInput } from '../wrapInput.ts';
import { cName, fitted } from './text.ts';

/** Calls of the life of the module for every instance, or for the first over a memory. */
export const lifeCallText = (input: WrapInput, prefix: string, per: LifeCall['per'] | 'all', indent: string): string =>
  input.surface.life
    .filter((call) => per === 'all' || call.per === per)
    .map((call) => beginCall(prefix, indent, 'instance', call.name, call.args.map(String), 'NULL', isMain(call)))
    .join('');

/** A call of an instance with its result in `result`; the function that it stands in returns where it fails. */
export function beginCall(
  prefix: string,
  indent: string,
  instance: string,
  name: string,
  args: readonly string[],
  result: string,
  program: boolean,
): string {
  const values = args.length === 0 ? 'NULL' : `(const int32_t[]){${args.join(', ')}}`;
  const given = [instance, cName(name), values, String(args.length), result, String(program), 'error'];
  return `${fitted(indent, `status = ${prefix}_impl_begin`, given, ';')}
${indent}if (status != ${prefix.toUpperCase()}_OK) {
${indent}  return status;
${indent}}
`;
}
