/** What the classes of exports are called. */
import { type Message, message } from '../text/l10n.ts';
import type { ExportClass } from './model.ts';

/** Names of the classes of exports in sentences. */
export const CLASS_TEXT: Readonly<Record<ExportClass, Message>> = {
  pure: message('pure'),
  'reads-only': message('reads only'),
  stateful: message('stateful'),
  grows: message('grows memory'),
  synchronised: message('synchronised'),
  'host-dependent': message('host-dependent'),
};
