/** Every instance copies an active data segment into a shared memory that other instances may use already. */
import { message, t } from '../../text/l10n.ts';
import { cellOf } from '../cells.ts';
import { type ModuleRule, THREADS_PROPOSAL } from './rule.ts';

const INSTANTIATION = {
  label: 'instantiation',
  url: 'https://webassembly.github.io/spec/core/exec/modules.html#instantiation',
};

/** The rule `active-segment-shared-memory`. */
export const activeSegmentSharedMemory: ModuleRule = {
  id: 'active-segment-shared-memory',
  group: 'segments',
  defaultSeverity: 'warning',
  title: message('Active data segment in a shared memory'),
  summary: message(
    'The module copies an active data segment into an imported shared memory each time it is instantiated.',
  ),
  phrase: [
    message('copies an active segment into a shared memory'),
    message('copy an active segment into a shared memory'),
  ],
  models: ['shared-instance', 'shared-memory', 'isolated', 'cooperative'],
  find({ module }) {
    for (const [index, segment] of module.data.entries()) {
      const memory = module.memories[segment.memory];
      const copies = segment.mode === 'active' && segment.end !== segment.start;
      if (!copies || !memory?.imported || !memory.limits.shared) continue;
      return {
        cell: cellOf('memory', { index: segment.memory }),
        offset: segment.offset,
        message: t(
          'Every new instance copies active data segment {0} into imported shared memory {1} with plain stores, while existing instances may be using that memory.',
          index,
          segment.memory,
        ),
      };
    }
    return undefined;
  },
  anyHost: {
    text: message('Instantiation copies active segments into an imported memory, as the core specification requires.'),
    sources: [INSTANTIATION, THREADS_PROPOSAL],
  },
};
