/** Protocols of further real modules, which tests run without an answer that was derived by hand. */
import type { ScenarioFile } from '../../../core/stress/scenario/scenario.ts';
import { MODULE_CALLS } from './calls.ts';

/** A scenario for a module of the corpus. */
interface ModuleProtocol {
  module: string;
  file: ScenarioFile;
}

const HASH = { call: 'Hash_GetBuffer', as: 'buffer' };
const READ = { read: '$buffer', length: 32, type: 'bytes', as: 'digest' } as const;
const wrote = (text: string) => ({ write: '$buffer', utf8: text });

/** The protocols, those of calls with numbers included. */
export const MORE_PROTOCOLS: readonly ModuleProtocol[] = [
  ...MODULE_CALLS.map(({ module, setup, calls }) => ({ module, file: { setup, callers: [calls] } })),
  {
    module: 'hash-wasm/dist/blake3.wasm',
    file: {
      callers: [{ steps: [HASH, ['Hash_Init', 0], wrote('abc'), ['Hash_Update', 3], ['Hash_Final', 32], READ] }],
    },
  },
  {
    module: 'hash-wasm/dist/xxhash64.wasm',
    file: {
      callers: [
        {
          steps: [
            HASH,
            wrote('\0\0\0\0\0\0\0\0'),
            ['Hash_Init'],
            wrote('abc'),
            ['Hash_Update', 3],
            ['Hash_Final'],
            READ,
          ],
        },
      ],
    },
  },
  {
    module: 'hash-wasm/dist/bcrypt.wasm',
    file: { callers: [{ steps: [HASH, wrote('0123456789abcdefpassword'), ['bcrypt', 8, 4, 1], READ] }] },
  },
  {
    module: 'hash-wasm/dist/argon2.wasm',
    file: {
      callers: [{ steps: [['Hash_SetMemorySize', 16384], HASH, wrote('abc'), ['Hash_Calculate', 64, 8], READ] }],
    },
  },
  {
    module: 'source-map/lib/mappings.wasm',
    file: {
      callers: [
        {
          steps: [
            { call: 'allocate_mappings', args: [9], as: 'text' },
            { write: '$text', utf8: 'AAAA;AACA' },
            { call: 'parse_mappings', args: ['$text'], as: 'mappings' },
            ['by_generated_location', '$mappings'],
            ['compute_column_spans', '$mappings'],
            ['by_original_location', '$mappings'],
            ['original_location_for', '$mappings', 1, 0, 1],
            ['free_mappings', '$mappings'],
          ],
        },
      ],
    },
  },
];
