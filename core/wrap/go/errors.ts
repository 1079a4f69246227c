/** Go: the errors that callers of a wrapper can ask for with `errors.Is`. */
import { goString } from '../../harmless/code.ts';
import { goDoc, goInnerDoc } from './doc.ts';
import type { GoNames } from './names.ts';

/** A sentinel: its name after `Err`, its text after the name of the package, and what follows the name in its comment. */
export interface GoSentinel {
  name: string;
  text: string;
  doc: string;
}

/** Those of every wrapper. `again`: how one gets an instance that works after one that failed. */
export function commonSentinels(names: GoNames, again: string, memory: boolean): GoSentinel[] {
  const found = [
    {
      name: 'Trapped',
      text: 'the call did not finish',
      doc: 'is matched by the error of a call that did not finish: the module trapped or exited, a host function panicked, or the context was done during the call. The error wraps the cause, too: errors.As finds a *sys.ExitError, errors.Is context.Canceled and context.DeadlineExceeded. The state of the instance is unknown afterwards.',
    },
    {
      name: 'Broken',
      text: `an earlier call on the instance did not finish; ${again}`,
      doc: `is returned for an instance on which an earlier call did not finish, or that was discarded: ${again}.`,
    },
    {
      name: 'NotHeld',
      text: 'the instance is in use or closed',
      doc: `is returned for a call on ${article(names)} while another call on it runs, or after it was closed. It is a mistake of the calling code: two goroutines use one instance, a host function calls the instance that has called it, or an instance is used outside of its Do.`,
    },
    {
      name: 'WrongModule',
      text: 'not the module that this code was generated for',
      doc: 'is returned for a module that lacks an export, or has one of another type. Generate the code again.',
    },
  ];
  if (!memory) return found;
  return [
    ...found,
    {
      name: 'OutOfBounds',
      text: 'out of bounds of the memory',
      doc: 'is returned for an address and a size that are not within the memory of the module.',
    },
  ];
}

const article = ({ instance }: GoNames): string => `${/^[AEIOU]/.test(instance) ? 'an' : 'a'} ${instance}`;

/** The declaration of all sentinels. */
export function goErrors(names: GoNames, sentinels: readonly GoSentinel[]): string {
  const rows = sentinels.map(
    ({ name, text, doc }) => `${goInnerDoc(`${names.error(name)} ${doc}`)}
	${names.error(name)} = errors.New(${goString(`${names.package}: ${text}`)})
`,
  );
  return `${goDoc('Errors, for errors.Is. If the context is done before a call begins, the error wraps that of the context, the call is not made, and the instance stays as it is.')}
var (
${rows.join('\n')})
`;
}
