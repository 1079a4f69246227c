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
  return `the initialiser ${text} ended with ${what}; it runs before the callers because ${why}. If the module does not need it, or your host calls something else, write "life": "none" or list the steps in the scenario (option --life none)`;
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
