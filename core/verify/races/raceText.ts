/** Reports of the race detector in words: the cell as results of exploration call it, and who did what. */

import { bytesText } from '../../stress/run/touchText.ts';
import { type Message, message, t, translated } from '../../text/l10n.ts';
import { globalName, memoryName, segmentName, tableName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import type { HostCell, HostRace } from './ledBack.ts';
import { type HostRaceParty, SCENARIO_STEP } from './parties.ts';

/** The cell as results of exploration name it. */
function hostCellText(cell: HostCell | null, module: Module): string {
  if (cell === null) return t('state outside the guest');
  const { kind, index, part, start, end } = cell;
  if (index < 0 && kind !== 'host') return translated(SOME[kind]);
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
      return part === 'engine' ? t("wazero's engine of the instance") : t("wazero's record of the instance");
  }
}

/** Cells of which only the kind is known. */
const SOME: Readonly<Record<Exclude<HostCell['kind'], 'host'>, Message>> = {
  global: message('a global'),
  memory: message('the memory'),
  'memory.grow': message('the size of the memory'),
  table: message('a table'),
  'table.grow': message('the size of a table'),
  segment: message('a segment'),
};

const ACCESS: Readonly<Record<HostRaceParty['access'], Message>> = {
  read: message('read'),
  write: message('write'),
  'atomic-read': message('atomic read'),
  'atomic-write': message('atomic write'),
};

/** `GlobalSet in inc (write by A, depth 1)`. */
function hostPartyText({ access, caller, operation, depth, export: name, host }: HostRaceParty): string {
  const what =
    operation ??
    (host === null
      ? t('an operation whose stack was lost')
      : host === SCENARIO_STEP
        ? host
        : t('host function {0}', host));
  const place = name === null ? what : t('{0} in {1}', what, name === '' ? '""' : name);
  const how = translated(ACCESS[access]);
  const who = caller === null ? how : t('{0} by {1}', how, String.fromCharCode('A'.charCodeAt(0) + caller));
  return depth === null || depth === 0 ? t('{0} ({1})', place, who) : t('{0} ({1}, depth {2})', place, who, depth);
}

/** `$n: GlobalGet in inc (read by A, depth 1) against GlobalSet in inc (write by B, depth 1)`. */
export const hostRaceText = ({ cell, a, b }: HostRace, module: Module): string =>
  t('{0}: {1} against {2}', hostCellText(cell, module), hostPartyText(a), hostPartyText(b));
