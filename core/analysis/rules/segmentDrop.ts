/** An export drops a passive segment while another call copies from it. */
import { message, t } from '../../text/l10n.ts';
import type { AccessRule } from './rule.ts';

/** The rule `segment-drop`. */
export const segmentDrop: AccessRule = {
  id: 'segment-drop',
  group: 'segments',
  defaultSeverity: 'error',
  title: message('Drops a segment that others copy from'),
  summary: message(
    'An export drops a passive segment that a concurrent call can copy from, or copies from one that a concurrent call can drop.',
  ),
  phrase: [message('drops a segment that is also copied from'), message('drop a segment that is also copied from')],
  models: ['shared-instance', 'cooperative'],
  matches: ({ cell }) => cell.kind === 'segment',
  outcome: {
    can: ({ profile }) =>
      profile.hostHazards['segment-drop'] === undefined
        ? t('trap in the middle of the copy')
        : t('crash the host process'),
  },
};
