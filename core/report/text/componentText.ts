/** The world of a component in words: what it imports and exports, by name. */

import { displayable } from '../../harmless/names.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import type { Component, ComponentItem } from '../../wasm/component/component.ts';
import type { CheckedModule } from '../checkedModule.ts';

/** Most names of a kind; a world may have thousands. */
const MOST_NAMES = 12;

/** `exports functions `a` and `b``, `imports interface `wasi:io/streams``; types are left out. At most two texts. */
const worldTexts = ({ imports, exports }: Component): string[] =>
  (
    [
      ['exports', exports],
      ['imports', imports],
    ] as const
  ).flatMap(([what, items]) => {
    const lists = KINDS.flatMap(([kind, one, many]) => {
      const names = items.filter((item) => item.kind === kind).map(({ name }) => quoted(displayable(name)));
      if (names.length === 0) return [];
      return [
        `${names.length === 1 ? one : many} ${listOf(names.slice(0, MOST_NAMES), MOST_NAMES, 'and', names.length)}`,
      ];
    });
    return lists.length === 0 ? [] : [`its component ${what} ${lists.join('; ')}`];
  });

const KINDS: readonly [ComponentItem['kind'], string, string][] = [
  ['func', 'function', 'functions'],
  ['instance', 'interface', 'interfaces'],
  ['component', 'component', 'components'],
  ['core module', 'core module', 'core modules'],
];

/** Which core module of a component it is; with the first one, what the world of the component exports and imports. */
export function componentTexts({ component }: Pick<CheckedModule, 'component'>): string[] {
  if (component === undefined) return [];
  const { whole, own } = component;
  const name = own.name === undefined ? '' : `, ${quoted(displayable(own.name))}`;
  const head = `core module ${own.number} of ${whole.modules.length} of a component${name}`;
  return own.number === 1 ? [head, ...worldTexts(whole)] : [head];
}
