/** What to say about calls before the callers: those that did not return, and those that did. */
import { type Message, message, t, translated } from '../../text/l10n.ts';
import type { SetupCall } from './preparation.ts';

/**
 * Which call it was, why it was made, and how to do without it.
 * @param what `a trap: unreachable`
 */
export function setupFailure({ text, part, why }: Pick<SetupCall, 'text' | 'part' | 'why'>, what: string): string {
  if (part === 'setup')
    return /^(?:\w+ = )?(?:read|write|expect) /.test(text)
      ? t('the setup step {0} ended with {1}', text, what)
      : t('the setup call {0} ended with {1}', text, what);
  if (why === undefined) return t('the call {0} of the life that the scenario lists ended with {1}', text, what);
  // What to do comes first: threads cut long messages.
  return t(
    'the initialiser {0} ended with {1}. If the module does not need it, write "life": "none" in the scenario (--life none) or list the steps that it needs. It runs before the callers because {2}',
    text,
    what,
    why,
  );
}

/** What was called before the callers, for the notes of a result. */
export const lifeNote = (calls: readonly SetupCall[]): string =>
  calls
    .map(({ text, per, why }) => {
      const call = translated(OFTEN[per], text);
      return why === undefined ? call : t('{0} ({1})', call, why);
    })
    .join(t(', then '));

const OFTEN: Readonly<Record<SetupCall['per'], Message>> = {
  memory: message('{0} once'),
  instance: message('{0}'),
  thread: message('{0} in each further instance'),
};
