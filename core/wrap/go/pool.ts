/** Go, wazero: a bounded pool that lends out instances. */

import { stackAdvice } from '../../analysis/modelAdvice.ts';
import { standsAlone } from '../blocks/standsAlone.ts';
import { header } from '../header.ts';
import type { WrapExport } from '../surface.ts';
import { poolStateAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { byteSentinels, bytesAdvice, bytesConvenience, methodsOfInstance } from './bytes.ts';
import { commonSentinels, goErrors } from './errors.ts';
import { goHolder } from './holder.ts';
import { goImportsInterface } from './imports.ts';
import { goInstance } from './instance.ts';
import { methodImports } from './methods.ts';
import { GO_VERSIONS, goImports, goProtocolAdvice, WAZERO } from './parts.ts';
import { creation, poolType } from './poolCreation.ts';
import { closing, lending } from './poolLending.ts';
import { importAdvice } from './setup.ts';
import { threadAdvice, threadNeeds } from './threads.ts';

const RESERVED = ['Discard', 'ReadMemory', 'WriteMemory', 'WithBytes'];
/** Methods of the pool, which no export may have. */
const OF_POOL = ['Do', 'Get', 'Put', 'Close'];

/**
 * Source of a Go package with the type `Pool`, which lends out instances. Each has a runtime of its own where the
 * module imports state that instances of one runtime would share.
 */
export function goPool(input: WrapInput): string {
  const { surface, moduleFile } = input;
  // Instances of one runtime import one and the same state, so each gets a runtime where that would be shared by
  // accident.
  const ownRuntime = surface.privateState;
  const { names, options, bytes, methods, table, helpers, start, define, parts } = goHolder(input, {
    ownRuntime,
    reserved: RESERVED,
    kind: 'pool',
    sharesMemory: surface.commonMemory && !ownRuntime,
  });
  const instance = goInstance(input, names, {
    ownRuntime,
    fields: [
      ['pool', `*${names.pool}`],
      ['lent', 'bool'],
      ...(start.threads ? [['thread', names.local('thread')] as const] : []),
    ],
  });
  const sentinels = [
    { name: 'Closed', text: 'the pool is closed', doc: 'is returned by Get and Do after Close.' },
    ...commonSentinels(names, 'put it back to get another one', surface.memory),
    ...byteSentinels(bytes),
  ];
  const bytesNames: string[] = [];
  const conveniences = surface.exports.flatMap((one) => {
    const call = bytes.calls.get(one);
    const { bytes: method, constant = '' } = methods.get(one) ?? {};
    if (call === undefined || method === undefined || OF_POOL.includes(method) || !standsAlone(input, one, call))
      return [];
    bytesNames.push(method);
    return [bytesConvenience('p', names.pool, { names, method, one, constant }, call)];
  });
  return `${header(withoutStackAdvice(input), `A pool of instances of ${moduleFile} for wazero: the module is compiled once, and each goroutine that needs an instance gets one.`, advice(input, methods, bytesNames)).join('\n')}

// Package ${names.package} lends out instances of a WebAssembly module, each to one goroutine at a time.
package ${names.package}

${goImports([
  ...['context', 'errors', 'fmt', 'sync', WAZERO],
  ...[instance, options, table, start, define, helpers].flatMap(({ imports }) => imports),
  ...methodImports(surface),
])}
${goErrors(names, sentinels)}
${section(goImportsInterface(surface, names, 'pool'))}${poolType(parts)}
${creation(parts)}
${lending(parts)}
${closing(parts)}
${conveniences.map((text) => `${text}\n`).join('')}${instance.text}
${surface.exports.flatMap((one) => methodsOfInstance(one, names, methods, bytes)).join('\n')}
${helpers.text === '' ? '' : `${helpers.text.slice(1)}\n`}${table.text}
${options.text}${start.text}${define.text}`;
}

const section = (text: string): string => (text === '' ? '' : `${text}\n`);

function advice(
  input: WrapInput,
  methods: ReadonlyMap<WrapExport, { raw: string }>,
  withBytes: readonly string[],
): string[] {
  const { surface } = input;
  const lines = [
    GO_VERSIONS,
    ...poolStateAdvice(input),
    ...goProtocolAdvice(input, methods),
    ...bytesAdvice(withBytes),
    ...importAdvice(surface),
  ];
  if (surface.commonMemory && !surface.privateState)
    lines.push(
      'The module imports a shared memory, and all instances of the pool work on that one memory: only globals and tables are private. Accesses to it without atomic instructions still race. The memory outlives an instance: what a call that did not finish has left there, such as a lock that it held, stays.',
      ...threadAdvice(input),
    );
  if (surface.privateState)
    lines.push(
      'The module imports state: memory, tables or mutable globals. Instances of one wazero runtime would all import the same state and race on it, so each instance has its own runtime here.',
    );
  if (surface.command)
    lines.push(
      'The module is a command: _start runs once per instance, and the pool creates a new instance for the next run.',
    );
  return lines;
}

/** Where the code gives each instance a stack, nobody has to be told to do it. */
function withoutStackAdvice(input: WrapInput): WrapInput {
  const { module, analysis, warnings } = input;
  const stacks = stackAdvice(module, analysis);
  return threadNeeds(input)?.stack === undefined || stacks === undefined
    ? input
    : { ...input, warnings: warnings.filter((one) => one !== stacks) };
}
