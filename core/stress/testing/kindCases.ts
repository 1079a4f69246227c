/**
 * Cases of known kinds of concurrency faults and of their correct counterparts, with the right answers, which were
 * derived by hand from the modules in `explore/cases/kinds`.
 */
import type { Verdict } from '../explore/result.ts';
import { stepsOfCallers } from '../scenario/callerForms.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import { stepText } from '../scenario/steps.ts';

/** What a run of a case must answer; what is not given may be anything. */
export interface RightAnswer {
  verdict: Verdict;
  /** Whether some outcome is none of a serial order; by default, only under the verdict `non-atomic`. */
  wrong?: boolean;
  /** Whether there are data races; by default, only under the verdict `race`. */
  races?: boolean;
  /** Start of the cells that must be among the races: `memory[0] 0x8`. */
  cells?: readonly string[];
  /** Whether the search must be complete. */
  exhaustive?: boolean;
}

/** One case. */
export interface KindCase {
  /** Name of the module without `.wat`. */
  module: string;
  run: ScenarioFile;
  right: RightAnswer;
}

type Callers = ScenarioFile['callers'];
type Base = Partial<ScenarioFile>;

const SHARED: Base = { host: 'javascript', model: 'shared-memory' };
const WASMTIME: Base = { host: 'wasmtime', model: 'shared-memory' };
const WAZERO: Base = { host: 'wazero', model: 'shared-instance' };
const C_API: Base = { host: 'wasmtime-c-api', model: 'shared-instance' };
const PAUSING: Base = { host: 'javascript', model: 'auto', imports: { 'env.pause': { suspends: true } } };

/** Rows of one module: the callers, the right answer, more of the scenario. */
const of = (
  module: string,
  base: Base,
  rows: readonly [callers: Callers, right: RightAnswer, more?: Base][],
): KindCase[] => rows.map(([callers, right, more]) => ({ module, run: { ...base, callers, ...more }, right }));

const SAFE: RightAnswer = { verdict: 'safe', exhaustive: true };
const RACE: RightAnswer = { verdict: 'race', wrong: true };
const BENIGN_LOOKING: RightAnswer = { verdict: 'race', wrong: false };
const WRONG: RightAnswer = { verdict: 'non-atomic' };
const HANG: RightAnswer = { verdict: 'hang' };

/** `ring: A put(5) | B take() (javascript)`. */
export const kindCaseName = ({ module, run: { callers, host, unit } }: KindCase): string =>
  `${module}: ${stepsOfCallers(callers)
    .map((steps) => steps.map(stepText).join('; '))
    .join(' | ')} (${host}${unit === undefined ? '' : `, unit ${unit}`})`;

/** All cases. */
export const KIND_CASES: readonly KindCase[] = [
  ...of('ticket-lock', SHARED, [
    [[[['bump']], [['bump']]], SAFE],
    [[[['bump']], [['bump']], [['bump']]], SAFE],
    [[[['bump_torn_ticket']], [['bump_torn_ticket']]], { verdict: 'hang', wrong: true, races: true }],
  ]),
  ...of('rw-lock', SHARED, [
    [[[['get']], [['set', 5]]], { verdict: 'safe' }],
    [[[['get']], [['get']], [['set', 5]]], { verdict: 'safe' }],
    [[[['get']], [['set_unchecked', 5]]], RACE],
  ]),
  ...of('lock-free-stack', SHARED, [
    [[[['pop']], [['pop'], ['pop'], ['push', 1]]], WRONG, { setup: [['init']], probe: [['pop'], ['pop']] }],
    [[[['push', 1]], [['push', 2]]], SAFE, { probe: [['pop'], ['pop']] }],
  ]),
  ...of('ref-count', { ...SHARED, setup: [['init']], probe: [['destroyed']] }, [
    [[[['release']], [['release']]], SAFE],
    [[[['release_split']], [['release_split']]], WRONG],
    [[[['release_looks_again']], [['release_looks_again']]], RACE],
  ]),
  ...of('seqlock', SHARED, [
    [[[['write', '5']], [['read']]], SAFE],
    [[[['write', '5']], [['read_once']]], WRONG],
    [[[['write', '5']], [['read_plain']]], BENIGN_LOOKING],
  ]),
  ...of('generation-barrier', { host: 'wamr', model: 'shared-memory' }, [
    [[[['arrive']], [['arrive']], [['arrive']]], SAFE, { setup: [['init', 3]] }],
    [[[['arrive_one']], [['arrive_one']], [['arrive_one']]], HANG, { setup: [['init', 3]] }],
    [[[['arrive_one']], [['arrive_one']]], SAFE, { setup: [['init', 2]] }],
    [
      [
        [['arrive'], ['arrive']],
        [['arrive'], ['arrive']],
      ],
      SAFE,
      { setup: [['init', 2]] },
    ],
    [[[['phase', 0]], [['phase', 1]]], SAFE, { setup: [['init', 2]] }],
    [[[['arrive']], [['arrive']]], HANG, { setup: [['init', 3]] }],
  ]),
  ...of('semaphore', SHARED, [
    [[[['acquire']], [['acquire']], [['post']]], SAFE],
    [[[['acquire']], [['acquire']], [['post_one']]], HANG],
    [[[['acquire']], [['post_one']]], SAFE],
  ]),
  ...of('condition', SHARED, [
    [[[['pop']], [['push']]], SAFE],
    [[[['pop_if']], [['pop']], [['push'], ['push']]], WRONG],
    [[[['pop']], [['push_silent']]], HANG],
  ]),
  ...of('lock-order', { ...SHARED, probe: [['balances']] }, [
    [[[['transfer', 0, 8]], [['transfer', 8, 0]]], HANG],
    [[[['transfer_ordered', 0, 8]], [['transfer_ordered', 8, 0]]], SAFE],
    [[[['transfer', 0, 8]], [['transfer', 0, 8]]], SAFE],
  ]),
  ...of('stack64', WASMTIME, [
    [[[['apply', 0, 3]], [['apply', 0, 5]]], { ...RACE, cells: ['memory[0] 0xfff8'] }],
    [[[['apply', 1, 2]], [['apply', 1, 3]]], RACE],
    [[[['twice', 2]], [['twice', 3]]], SAFE],
  ]),
  ...of('stack-from-start', SHARED, [
    [[[['square', 3]], [['square', 5]]], SAFE],
    [[[['square', 3]], [['$instantiate'], ['square', 5]]], SAFE],
  ]),
  ...of('thread-local', SHARED, [
    [[[['fail', 1]], [['fail', 2]]], RACE],
    [
      [
        [
          ['__wasm_init_tls', 2048],
          ['fail', 1],
        ],
        [
          ['__wasm_init_tls', 3072],
          ['fail', 2],
        ],
      ],
      SAFE,
    ],
    [
      [
        [
          ['__wasm_init_tls', 2048],
          ['fail', 1],
        ],
        [
          ['__wasm_init_tls', 2048],
          ['fail', 2],
        ],
      ],
      RACE,
    ],
  ]),
  ...of('start-kinds', SHARED, [[[[['next']], [['$instantiate'], ['next']]], SAFE]]),
  ...of('start-indirect-fill', SHARED, [
    [
      [
        [['next'], ['next']],
        [['$instantiate'], ['next']],
      ],
      { ...BENIGN_LOOKING, cells: ['memory[0] 0x60'] },
    ],
    [[[['other']], [['$instantiate'], ['other']]], SAFE],
  ]),
  ...of('start-plain-guard', SHARED, [
    [
      [
        [['next'], ['next']],
        [['$instantiate'], ['next']],
      ],
      SAFE,
    ],
    [
      [
        [['$instantiate'], ['next']],
        [['$instantiate'], ['next']],
      ],
      RACE,
    ],
  ]),
  ...of('init-guards', SHARED, [
    [[[['once']], [['once']]], SAFE],
    [[[['once']], [['once']], [['once']]], SAFE],
    [[[['once_mute']], [['once_mute']]], HANG],
    [[[['once_early']], [['once_early']]], RACE],
    [[[['once_plain']], [['once_plain']]], BENIGN_LOOKING],
    [[[['once_locked']], [['once_locked']]], SAFE],
  ]),
  ...of('suspended-state', PAUSING, [
    [[[['add', '1']], [['add', '2']]], WRONG],
    [[[['add_after', '1']], [['add_after', '2']]], SAFE],
    [[[['note', 1]], [['note', 2]]], WRONG],
    [[[['exclusive']], [['exclusive']]], WRONG],
    [[[['add', '1']], [['size']]], SAFE],
    [[[['add', '1']], [['bump']]], WRONG],
    [[[['bump']], [['bump']]], SAFE],
    [[[['bump']], [['bump']]], WRONG, { imports: { 'env.log': { suspends: true } } }],
  ]),
  ...of('exchange', WAZERO, [
    [
      [
        [['begin', 1], ['step'], ['finish']],
        [['begin', 2], ['step'], ['finish']],
      ],
      RACE,
    ],
  ]),
  ...of('exchange-atomic', SHARED, [
    [
      [
        [['begin', 1], ['finish']],
        [['begin', 2], ['finish']],
      ],
      WRONG,
    ],
    [
      [
        [['begin', 1], ['finish']],
        [['begin', 2], ['finish']],
      ],
      SAFE,
      { unit: 'call' },
    ],
    [
      [
        [['begin', 1], ['finish']],
        [['begin', 2], ['finish']],
        [['begin', 3], ['finish']],
      ],
      WRONG,
      { unit: 'sequence' },
    ],
  ]),
  ...of('private-state', SHARED, [
    [[[['arena', '16']], [['arena', '32']]], { verdict: 'private-state' }],
    [[[['arena_shared', '16']], [['arena_shared', '32']]], SAFE],
    [[[['pages']], [['pages']]], SAFE],
    [[[['register']], [['fire']]], { verdict: 'private-state' }],
  ]),
  ...of('plain-widths', SHARED, [
    [[[['bits16']], [['bits16']]], RACE, { probe: [['sum']] }],
    [[[['wide']], [['wide']]], RACE],
    [[[['float']], [['float']]], RACE],
    [[[['lane']], [['lane']]], RACE],
    [[[['copy']], [['copy']]], BENIGN_LOOKING],
    [[[['copy']], [['wide']]], SAFE],
  ]),
  ...of('ring', SHARED, [
    [[[['put', 5]], [['take']]], SAFE],
    [[[['put', 5]], [['put', 6]]], RACE],
    [
      [
        [
          ['put', 5],
          ['put', 6],
        ],
        [['take'], ['take']],
      ],
      SAFE,
    ],
  ]),
  ...of('calls-back', { host: 'javascript', model: 'auto' }, [
    [[[['plain_request', 7]]], WRONG, { imports: { 'env.fetch': { calls: [['reply', '$0']] } } }],
    [[[['plain_request', 7]]], WRONG, { host: 'wazero', imports: { 'env.fetch': { calls: [['reply', '$0']] } } }],
    [
      [[['plain_request', 7]]],
      WRONG,
      { imports: { 'env.fetch': { calls: [['reply', '$0']] }, 'env.notify': { calls: [['done']] } } },
    ],
    [[[['request', 1]], [['request', 2]]], WRONG, { imports: { 'env.fetch': { suspends: true } } }],
    [[[['refuse']], [['refuse']]], { verdict: 'inconclusive' }],
  ]),
  ...of('wake-ups', SHARED, [
    [[[['wait_same']], [['signal_same']]], SAFE],
    [[[['wait_other']], [['signal_other']]], HANG],
    [[[['wait_same']], [['signal_early']]], HANG],
    [[[['wait_same']], [['wait_same']], [['signal_same']]], SAFE],
  ]),
  ...of('bounds', WAZERO, [
    [[[['fill']], [['grow']]], { verdict: 'host-hazard', races: true }],
    [[[['init']], [['grow']]], { verdict: 'host-hazard', races: true }],
    [[[['get_slot']], [['grow_table']]], { verdict: 'host-hazard', races: true }],
    [[[['init']], [['drop_data']]], { verdict: 'host-hazard', races: true }, { setup: [['grow']] }],
    [[[['pure', 3]], [['grow']]], SAFE],
    [[[['fill']], [['grow']]], { verdict: 'host-hazard', wrong: false, races: true }, C_API],
    [[[['size']], [['grow']]], { verdict: 'host-hazard', wrong: false, races: true }, C_API],
  ]),
  ...of('timed', SHARED, [
    [[[['late', 0]], [['late', 4]]], SAFE],
    // In serial orders nobody wakes it: the number of callers that were woken is 0.
    [[[['late', 0]], [['wake', 0]]], WRONG],
  ]),
  ...of('mixed-atomics', SHARED, [
    [[[['low', 0]], [['whole', 0]]], BENIGN_LOOKING],
    [[[['low', 9]], [['whole', 0]]], SAFE],
    [[[['same', 0]], [['whole', 0]]], SAFE],
  ]),
  ...of('v128-global', WAZERO, [
    [[[['set', '5']], [['get']]], RACE],
    [[[['set', '1']], [['set', '2']]], RACE],
  ]),
  ...of('ref-func', WAZERO, [
    [[[['is_null']], [['is_null']]], { verdict: 'host-hazard' }],
    [[[['is_null']], [['other']]], SAFE],
    [[[['is_null']], [['is_null']]], { verdict: 'host-hazard' }, C_API],
  ]),
];
