/** How an item below a module looks in the tree. */
import { type MarkdownString, ThemeColor, ThemeIcon } from 'vscode';
import { markdownText } from '../../../core/harmless/markdown.ts';
import type { ModuleItem } from '../../../server/src/protocol.ts';
import { markdownString } from '../shown/markdown.ts';

const KIND_ICON: Readonly<Record<ModuleItem['kind'], string>> = {
  state: 'database',
  cell: 'symbol-field',
  group: 'list-unordered',
  finding: 'info',
  shown: 'beaker',
  export: 'symbol-function',
  plumbing: 'tools',
  more: 'ellipsis',
};

const SIGN_ICON: Readonly<Partial<Record<ModuleItem['sign'], readonly [icon: string, color: string]>>> = {
  error: ['error', 'problemsErrorIcon.foreground'],
  warning: ['warning', 'problemsWarningIcon.foreground'],
  information: ['info', 'problemsInfoIcon.foreground'],
  good: ['pass', 'testing.iconPassed'],
};

/** Findings have the sign of how bad they are; state keeps its own in the colour of it. */
export function itemIcon({ kind, sign }: ModuleItem): ThemeIcon {
  const signed = SIGN_ICON[sign];
  if (signed === undefined) return new ThemeIcon(KIND_ICON[kind]);
  const own = kind === 'state' || kind === 'cell' || kind === 'export';
  return new ThemeIcon(own ? KIND_ICON[kind] : signed[0], new ThemeColor(signed[1]));
}

/** Names of the module are text, not Markdown. */
export function itemTooltip({ label, detail, text }: ModuleItem): MarkdownString {
  const parts = [label, ...[...new Set([detail, text])].filter((part) => part !== '')];
  return markdownString(parts.map(markdownText).join('\n\n'));
}
