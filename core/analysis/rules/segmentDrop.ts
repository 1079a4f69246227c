/** An export drops a passive segment while another call copies from it. */
import type { AccessRule } from './rule.ts';

/** The rule `segment-drop`. */
export const segmentDrop: AccessRule = {
  id: 'segment-drop',
  group: 'segments',
  defaultSeverity: 'error',
  title: 'Drops a segment that others apply',
  summary: 'An export drops a passive segment that an export copies from, or copies from one that an export drops.',
  phrase: ['drops a segment that is also copied from', 'drop a segment that is also copied from'],
  models: ['shared-instance'],
  matches: ({ cell }) => cell.kind === 'segment',
  outcome: {
    can: ({ profile }) => (profile.segmentDropCrashes ? 'crash the host process' : 'trap half-way through the copy'),
  },
};
