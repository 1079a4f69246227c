/** The tooltip of the status bar item: the verdict of the module, what it rests on, and what to do next. */

import { l10n, type MarkdownString } from 'vscode';
import { commandMarkdown, markdownText } from '../../../core/harmless/markdown.ts';
import { HOST_PROFILES } from '../../../core/hosts/index.ts';
import { FINDING_NAME, type StressFinding } from '../../../core/report/shown/shownText.ts';
import { translated } from '../../../core/text/l10n.ts';
import { number, plural } from '../../../core/text/phrases.ts';
import type { CommandId, ModuleSummary } from '../../../server/src/protocol.ts';
import { markdownString } from '../shown/markdown.ts';
import { shortModel } from './shortModel.ts';

/** Commands that the links of the tooltip run. */
const LINKS: readonly CommandId[] = [
  'wasm-hazards.openReport',
  'wasm-hazards.stressModule',
  'wasm-hazards.generateWrapper',
  'wasm-hazards.selectHostProfile',
];

/** Every name from a file goes in as text, never as Markdown. */
export function tooltipOf(summary: ModuleSummary, name: string): MarkdownString {
  const facts = [...exportLines(summary), ...stressLines(summary), findingsLine(summary)].filter(
    (line) => line !== undefined,
  );
  const host = l10n.t('Host: {0}, {1}', HOST_PROFILES[summary.host].label, shortModel(summary.model));
  const link = (label: string, command: CommandId): string => commandMarkdown(label, command, [summary.uri]);
  const paragraphs = [
    `**${markdownText(name)}**`,
    ...(summary.verdict ? [markdownText(summary.verdict.line)] : []),
    ...(summary.problem ? [`$(warning) ${markdownText(summary.problem)}`] : []),
    facts.map((line) => `- ${markdownText(line)}`).join('\n'),
    `${markdownText(host)}  \n${markdownText(`(${summary.hostReason})`)}`,
    [
      link(l10n.t('Open report'), 'wasm-hazards.openReport'),
      link(l10n.t('Stress test'), 'wasm-hazards.stressModule'),
      link(l10n.t('Generate wrapper'), 'wasm-hazards.generateWrapper'),
      `[${l10n.t('Select host')}](command:wasm-hazards.selectHostProfile)`,
    ].join(' | '),
  ];
  return markdownString(paragraphs.join('\n\n'), { commands: LINKS, icons: true });
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
