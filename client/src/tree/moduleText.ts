/** How a module is described in the tree: sign, words, tooltip. */
import { l10n, type MarkdownString, ThemeColor, ThemeIcon, workspace } from 'vscode';
import { markdownText } from '../../../core/harmless/markdown.ts';
import { HOST_PROFILES } from '../../../core/hosts/index.ts';
import { number } from '../../../core/text/phrases.ts';
import type { ModuleRow } from '../../../server/src/protocol.ts';
import { markdownString } from '../shown/markdown.ts';
import { baseName, toFileUri } from '../uris.ts';
import type { TreeModule } from './knownModules.ts';

/** Errors and warnings of the analysis. */
const findingsIn = ({ hazards }: ModuleRow): number => hazards.error + hazards.warning;

/** Whether the badge counts a module. */
export const hasFindings = ({ row }: TreeModule): boolean =>
  row !== undefined && (findingsIn(row) > 0 || row.tone === 'shown');

/** Whether there is nothing to analyse in the file. */
export const isBroken = ({ row }: TreeModule): boolean => row?.tone === 'broken';

/** Beside the name: what was shown before what is supposed, then how many findings, then where the file is. */
export function moduleDescription(module: TreeModule, twin: TreeModule | undefined): string {
  const folder = folderOf(module);
  const own = stateWords(module);
  const other = twin?.row === undefined ? '' : stateWords(twin);
  const parts = [
    ...own,
    ...(twin === undefined ? [] : [twinWords(own.join(), other === '' ? undefined : other.join(), baseName(twin.uri))]),
    folder,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** `and counter.wasm`, and what it is if that is something else. */
function twinWords(own: string, other: string | undefined, name: string): string {
  const file = /\.[^.]*$/.exec(name)?.[0] ?? name;
  return other === undefined || other === own ? l10n.t('with {0}', file) : l10n.t('{0} differs: {1}', file, other);
}

function stateWords(module: TreeModule): string[] {
  const { row, isAnalysing, isOutdated, hasOldResults } = module;
  if (row === undefined) return [isAnalysing ? l10n.t('analysing') : l10n.t('not analysed')];
  const findings = findingsIn(row);
  return [
    isOutdated || row.stale ? l10n.t('out of date') : '',
    hasOldResults ? l10n.t('stress results out of date') : '',
    row.words,
    findings === 0 ? '' : findings === 1 ? l10n.t('1 finding') : l10n.t('{0} findings', number(findings)),
  ].filter((part) => part !== '');
}

/** Folder of the file, relative to the workspace; empty for its root. */
function folderOf({ uri }: TreeModule): string {
  const file = toFileUri(uri);
  return workspace.asRelativePath(file).slice(0, -baseName(file).length).replace(/\/$/, '');
}

/** The sign of a module; words beside it say the same. */
export function moduleIcon({ row, isAnalysing }: TreeModule): ThemeIcon {
  if (isAnalysing) return new ThemeIcon('sync~spin');
  if (row === undefined) return new ThemeIcon('circle-outline');
  switch (row.tone) {
    case 'shown':
      return new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground'));
    case 'broken':
      return new ThemeIcon('circle-slash');
    case 'conflict':
      return new ThemeIcon('warning', new ThemeColor('problemsWarningIcon.foreground'));
    case 'possible':
      return new ThemeIcon('question', new ThemeColor('problemsWarningIcon.foreground'));
    case 'host':
      return new ThemeIcon('info', new ThemeColor('problemsInfoIcon.foreground'));
    case 'none':
      return new ThemeIcon('pass');
    case 'component':
      return new ThemeIcon('package');
    default:
      return new ThemeIcon('circle-large-outline');
  }
}

/** The verdict in full. Sentences have names of the module in them, so they are text and not Markdown. */
export function moduleTooltip(module: TreeModule): MarkdownString {
  const { row, uri, isOutdated, hasOldResults } = module;
  const title = `**${markdownText(workspace.asRelativePath(uri))}**`;
  const shown = (sentences: readonly string[]): MarkdownString =>
    markdownString([title, ...sentences.map(markdownText)].join('\n\n'));
  if (row === undefined) return shown([l10n.t('Not analysed yet. Open it, or analyse it with the button of the row.')]);
  const sentences: string[] = [];
  if (row.stale)
    sentences.push(l10n.t('The text does not compile now. This is the verdict of the last text that did.'));
  if (isOutdated) sentences.push(l10n.t('The file has changed since. It is being analysed again.'));
  if (hasOldResults)
    sentences.push(
      l10n.t('The stress tests ran an earlier build, or under another host or sharing model. Run them again.'),
    );
  if (row.problem !== undefined) sentences.push(row.problem);
  sentences.push(...row.sentences);
  if (row.tone !== 'broken')
    sentences.push(l10n.t('Host: {0}, sharing model: {1}', HOST_PROFILES[row.host].label, row.model));
  return shown(sentences);
}
