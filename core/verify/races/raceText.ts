/** Reports of the race detector in words: the cell as results of exploration call it, and who did what. */

import { bytesText } from '../../stress/run/touchText.ts';
import { globalName, memoryName, segmentName, tableName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import type { HostCell, HostRace } from './ledBack.ts';
import { type HostRaceParty, SCENARIO_STEP } from './parties.ts';

/** The cell as results of exploration name it. */
function hostCellText(cell: HostCell | null, module: Module): string {
  if (cell === null) return 'state outside the guest';
  const { kind, index, part, start, end } = cell;
  if (index < 0 && kind !== 'host') return SOME[kind];
  switch (kind) {
    case 'global':
      return globalName(module, index);
    case 'memory':
      return bytesText({ name: memoryName(module, index) }, start, end);
    case 'memory.grow':
      return `${memoryName(module, index)} size`;
    case 'table':
      return `${tableName(module, index)} ${end - start > 1 ? `slots ${start}..${end - 1}` : `slot ${start}`}`;
    case 'table.grow':
      return `${tableName(module, index)} size`;
    case 'segment':
      return segmentName(module, part === 'element' ? 'element' : 'data', index);
    default:
      return part === 'engine' ? "wazero's engine of the instance" : "wazero's record of the instance";
  }
}

/** Cells of which only the kind is known. */
const SOME: Readonly<Record<Exclude<HostCell['kind'], 'host'>, string>> = {
  global: 'a global',
  memory: 'the memory',
  'memory.grow': 'the size of the memory',
  table: 'a table',
  'table.grow': 'the size of a table',
  segment: 'a segment',
};

/** `GlobalSet in inc (write by A, depth 1)`. */
function hostPartyText({ access, caller, operation, depth, export: name, host }: HostRaceParty): string {
  const what =
    operation ??
    (host === null ? 'an operation whose stack was lost' : host === SCENARIO_STEP ? host : `host function ${host}`);
  const where = name === null ? '' : ` in ${name === '' ? '""' : name}`;
  const who = caller === null ? '' : ` by ${String.fromCharCode('A'.charCodeAt(0) + caller)}`;
  const deep = depth === null || depth === 0 ? '' : `, depth ${depth}`;
  return `${what}${where} (${access.replace('-', ' ')}${who}${deep})`;
}

/** `$n: GlobalGet in inc (read by A, depth 1) against GlobalSet in inc (write by B, depth 1)`. */
export const hostRaceText = ({ cell, a, b }: HostRace, module: Module): string =>
  `${hostCellText(cell, module)}: ${[a, b].map(hostPartyText).join(' against ')}`;
