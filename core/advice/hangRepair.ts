/** What to do about a hang of each cause: a sentence without its full stop. */
import type { HangCause } from '../stress/explore/hang/hang.ts';
import { t } from '../text/l10n.ts';
import { listOf, quoted } from '../text/phrases.ts';

/** Exports that one sentence names. */
const MAX_NAMES = 4;

/** Follows from the cause alone; `unknown` gets no repair. */
export function hangRepair({ kind, callers, exports, returnsOtherwise }: HangCause): string {
  switch (kind) {
    case 'lock-order':
      return t('Take these locks in the same order everywhere');
    case 'own-lock':
      return callers.length === 1
        ? t('Release the lock before it is taken again, or make it recursive')
        : t('Release a shared lock before waiting for sole use of it, or let only one caller at a time try that');
    case 'not-released':
      return t('Release the lock on every way out of the calls');
    case 'lost-notification':
      return t('Change the word that is waited on before you notify, and read it before the condition is checked');
    case 'notified-another':
      return t('Notify all waiters where more than one can wait, or let each that is woken notify the next');
    case 'not-notified':
      return t('Notify the address after every change that ends a wait there');
    case 'circular-wait':
      return t(
        'Before a caller waits for another one, let it release what that one needs and do what that one waits for',
      );
    case 'nobody-left': {
      const ends = exports.filter(({ sure }) => sure).map(({ name }) => quoted(name));
      return ends.length > 0
        ? t(
            'Make sure that a call that ends the wait, such as {0}, follows, or wait with a timeout',
            listOf(ends, MAX_NAMES, 'or'),
          )
        : t('Make sure that a call that ends the wait follows, or wait with a timeout');
    }
    case 'livelock':
      return t('Let another call change what the loop reads, or bound the loop');
    case 'thread-blocked':
      return t(
        'Do not wait in memory.atomic.wait where one thread runs all calls: suspend the call in an import instead',
      );
    case 'endless-loop':
      return returnsOtherwise === true
        ? t(
            'Keep other callers from changing what the loop reads while it runs, or set a deadline for the call in the host',
          )
        : t('Bound the loop, or set a deadline for the call in the host');
    case 'unknown':
      return t('Follow the trace to see what the calls wait for');
  }
}
