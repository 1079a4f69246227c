/** What to say about calls before the callers: those that did not return, and those that did. */
import type { SetupCall } from './preparation.ts';

/**
 * Which call it was, why it was made, and how to do without it.
 * @param what `a trap: unreachable`
 */
export function setupFailure({ text, part, why }: Pick<SetupCall, 'text' | 'part' | 'why'>, what: string): string {
  if (part === 'setup')
    return `the setup ${/^(?:\w+ = )?(?:read|write|expect) /.test(text) ? 'step' : 'call'} ${text} ended with ${what}`;
  if (why === undefined) return `the call ${text} of the life that the scenario lists ended with ${what}`;
  // What to do comes first: threads cut long messages.
  return `the initialiser ${text} ended with ${what}. If the module does not need it, write "life": "none" in the scenario (--life none) or list the steps that it needs. It runs before the callers because ${why}`;
}

/** What was called before the callers, for the notes of a result. */
export const lifeNote = (calls: readonly SetupCall[]): string =>
  calls
    .flatMap(({ text, per, why }) => [`${text}${OFTEN[per]}${why === undefined ? '' : ` (${why})`}`])
    .join(', then ');

const OFTEN: Readonly<Record<SetupCall['per'], string>> = {
  memory: ' once',
  instance: '',
  thread: ' in each further instance',
};
