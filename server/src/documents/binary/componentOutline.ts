/**
 * The text of a component: comments that list its core modules, which open as texts of their own, and what its world
 * exports and imports.
 */

import { displayable } from '../../../../core/harmless/names.ts';
import { addressOf } from '../../../../core/source/coreModules.ts';
import { type Message, message, t, translated } from '../../../../core/text/l10n.ts';
import { plural } from '../../../../core/text/phrases.ts';
import type { ComponentItem } from '../../../../core/wasm/component/component.ts';
import { decodeComponent } from '../../../../core/wasm/component/decodeComponent.ts';
import { comment } from './binaryState.ts';

/** A line of the text that names an item. */
export interface OutlineEntry {
  group: 'modules' | 'exports' | 'imports';
  name: string;
  detail: string;
  line: number;
  /** Columns of the name, `[start, end)`. */
  start: number;
  end: number;
  /** Number of the core module that the entry opens. */
  coreModule: number | undefined;
}

/** What the text and the outline call the groups. */
export const GROUP_NAME: Readonly<Record<OutlineEntry['group'], Message>> = {
  modules: message('Core modules'),
  exports: message('Exports'),
  imports: message('Imports'),
};

/** Lines of one group; a world may have thousands of items. */
const MOST_LINES = 1000;
/** Before the name: `;;   `. */
const INDENT = 5;

/** The text of the component `file`, and its entries in the order of their lines. */
export function componentOutline(bytes: Uint8Array, file: string): { text: string; entries: OutlineEntry[] } {
  const { modules, exports, imports } = decodeComponent(bytes);
  const lines = [
    t('{0} is a WebAssembly component with {1}.', file, plural(modules.length, 'core module')),
    ...t(
      'Callers race on the exports of the core modules. Each opens as a text of its own: follow its link, or\nname it {0} in a scenario or on the command line.',
      addressOf(file, { number: 1 }),
    ).split('\n'),
  ];
  const entries: OutlineEntry[] = [];
  const add = (
    group: OutlineEntry['group'],
    items: readonly [name: string, detail: string, module?: number][],
  ): void => {
    if (items.length === 0) return;
    lines.push('', translated(GROUP_NAME[group]));
    for (const [name, detail, coreModule] of items.slice(0, MOST_LINES)) {
      const end = INDENT + name.length;
      entries.push({ group, name, detail, line: lines.length, start: INDENT, end, coreModule });
      lines.push(`  ${name}  ${detail}`);
    }
    if (items.length > MOST_LINES) lines.push(`  ${t('and {0} more', items.length - MOST_LINES)}`);
  };
  add(
    'modules',
    modules.map((one) => {
      const size = plural(one.end - one.start, 'byte');
      return [addressOf(file, one), one.name === undefined ? size : `${displayable(one.name)}, ${size}`, one.number];
    }),
  );
  const named = ({ name, kind }: ComponentItem): [string, string] => [displayable(name), kind];
  add('exports', exports.map(named));
  add('imports', imports.map(named));
  return { text: comment(...lines), entries };
}
