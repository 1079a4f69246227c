/** Every instance copies an active data segment into a shared memory that other instances may use already. */
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
  title: 'Active data in a shared memory',
  summary: 'The module copies an active data segment into an imported shared memory each time it is instantiated.',
  phrase: ['copies active data into a shared memory', 'copy active data into a shared memory'],
  models: ['shared-instance', 'shared-memory', 'isolated'],
  find({ module }) {
    for (const [index, segment] of module.data.entries()) {
      const memory = module.memories[segment.memory];
      const copies = segment.mode === 'active' && segment.end !== segment.start;
      if (!copies || !memory?.imported || !memory.limits.shared) continue;
      return {
        cell: cellOf('memory', { index: segment.memory }),
        offset: segment.offset,
        message: `Active data segment ${index} is copied into the imported shared memory ${segment.memory} again by every instance, with plain stores, while instances that are there already may use it.`,
      };
    }
    return undefined;
  },
  anyHost: { text: 'It is what the specification asks for.', sources: [INSTANTIATION, THREADS_PROPOSAL] },
};
