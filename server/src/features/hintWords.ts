/** What an export does to state that another one accesses, as inlay hints say it: `written by reset`. */
import type { Rival } from '../../../core/analysis/rivals.ts';
import { t } from '../../../core/text/l10n.ts';

/** A clause with the names of exports in it. `ofExtent`: the state is the size of a memory or table. */
export function deedText({ verb, maybe }: Pick<Rival, 'verb' | 'maybe'>, ofExtent: boolean): (who: string) => string {
  switch (verb) {
    case 'grown':
      if (maybe) return (who) => t('memory may be grown by {0}', who);
      return ofExtent ? (who) => t('grown by {0}', who) : (who) => t('memory grown by {0}', who);
    case 'dropped':
      return (who) => t('dropped by {0}', who);
    case 'written':
      return maybe ? (who) => t('may be written by {0}', who) : (who) => t('written by {0}', who);
    case 'moved':
      return (who) => t('moved by {0}', who);
    case 'updated atomically':
      return (who) => t('atomic in {0}', who);
    case 'waited on':
      return (who) => t('waited on by {0}', who);
    case 'notified':
      return (who) => t('notified by {0}', who);
    case 'read':
      return maybe ? (who) => t('may be read by {0}', who) : (who) => t('read by {0}', who);
    case 'read atomically':
      return (who) => t('read atomically by {0}', who);
    case 'copied':
      return (who) => t('copied by {0}', who);
    case 'called':
      return (who) => t('called by {0}', who);
    case 'used':
      return ofExtent ? (who) => t('used by {0}', who) : (who) => t('may be used by {0}', who);
  }
}
