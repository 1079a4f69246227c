/** The tooltip of the status bar item: the verdict of the module, what it rests on, and what to do next. */

import { l10n, MarkdownString } from 'vscode';
import { HOST_PROFILES } from '../../../core/hosts/index.ts';
import { FINDING_NAME, type StressFinding } from '../../../core/report/shown/shownText.ts';
import { translated } from '../../../core/text/l10n.ts';
import { number, plural } from '../../../core/text/phrases.ts';
import type { CommandId, ModuleSummary } from '../../../server/src/protocol.ts';
import { shortModel } from './shortModel.ts';

/** Commands that the links of the tooltip run. */
const LINKS: readonly CommandId[] = [
  'wasm-hazards.openReport',
  'wasm-hazards.stressModule',
  'wasm-hazards.generateWrapper',
  'wasm-hazards.selectHostProfile',
];

/** Names from files are appended as text, never as Markdown. */
export function tooltipOf(summary: ModuleSummary, name: string): MarkdownString {
  const text = new MarkdownString();
  text.isTrusted = { enabledCommands: LINKS };
  text.supportThemeIcons = true;
  text.appendMarkdown('**').appendText(name).appendMarkdown('**\n\n');
  if (summary.verdict) text.appendText(summary.verdict.line).appendMarkdown('\n\n');
  if (summary.problem) text.appendMarkdown('$(warning) ').appendText(summary.problem).appendMarkdown('\n\n');
  const facts = [...exportLines(summary), ...stressLines(summary), findingsLine(summary)].filter(
    (line) => line !== undefined,
  );
  text.appendMarkdown(`${facts.map((line) => `- ${line}`).join('\n')}\n\n`);
  text.appendText(l10n.t('Host: {0}, {1}', HOST_PROFILES[summary.host].label, shortModel(summary.model)));
  text.appendMarkdown('  \n').appendText(`(${summary.hostReason})`);
  const query = encodeURIComponent(JSON.stringify([summary.uri]));
  const links = [
    `[${l10n.t('Open report')}](command:wasm-hazards.openReport?${query})`,
    `[${l10n.t('Stress test')}](command:wasm-hazards.stressModule?${query})`,
    `[${l10n.t('Generate wrapper')}](command:wasm-hazards.generateWrapper?${query})`,
    `[${l10n.t('Select host')}](command:wasm-hazards.selectHostProfile)`,
  ];
  return text.appendMarkdown(`\n\n${links.join(' | ')}`);
}

function exportLines({ exports, withoutConflicts, functions, bytes }: ModuleSummary): string[] {
  return [
    l10n.t('{0} of {1} exports without conflicts', number(withoutConflicts), number(exports)),
    `${plural(functions, 'function')}, ${plural(bytes, 'byte')}`,
  ];
}

/** `Problems: 1 warning, 2 notes`; undefined without any. */
function findingsLine({ hazards: { error, warning, information } }: ModuleSummary): string | undefined {
  const counts = [
    error === 0 ? '' : plural(error, 'error'),
    warning === 0 ? '' : plural(warning, 'warning'),
    information === 0 ? '' : plural(information, 'note'),
  ].filter((count) => count !== '');
  return counts.length === 0 ? undefined : l10n.t('Problems: {0}', counts.join(', '));
}

/** What stress tests have shown, the worst first. */
const findingsOf = ({ stress: { found } }: ModuleSummary): StressFinding[] =>
  (Object.keys(FINDING_NAME) as StressFinding[]).filter((finding) => (found[finding] ?? 0) > 0);

/** A line for each kind of finding, and what was run without any. */
function stressLines(summary: ModuleSummary): string[] {
  const { ran, clean, found } = summary.stress;
  if (ran === 0) return [];
  return [
    l10n.t('Stress tests ran {0} of {1} exports', number(ran), number(summary.exports)),
    ...findingsOf(summary).map((finding) =>
      l10n.t('{0}: shown in {1}', translated(FINDING_NAME[finding]), number(found[finding] ?? 0)),
    ),
    ...(clean === 0
      ? []
      : [l10n.t('No race or wrong outcome found in {0}, exhaustive for the calls that were run', number(clean))]),
  ];
}
