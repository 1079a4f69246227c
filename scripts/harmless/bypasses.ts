/**
 * Places that show a text without the function that makes it harmless: each medium has one way in the product, and what goes
 * around it is an error of `npm test`. `core/harmless` has the functions.
 */

import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ROOT } from '../paths.ts';
import { maskCode } from '../structure/maskCode.ts';

interface Gate {
  /** Code that shows a text; where `raw`, also in strings and regular expressions. */
  readonly pattern: RegExp;
  readonly raw?: boolean;
  /** Beginnings of the paths of sources that must not have it. */
  readonly within: readonly string[];
  /** The sources that are the way, by the beginning of their path. */
  readonly way: readonly string[];
  /** What to use instead. */
  readonly instead: string;
}

const EVERYWHERE = ['core/', 'node/', 'view/', 'server/', 'client/', 'cli/'];

const GATES: readonly Gate[] = [
  {
    pattern: /\bshow(?:Information|Warning|Error)Message\b|\bwindow\s*\??\.\s*withProgress\b/g,
    within: ['client/'],
    way: ['client/src/shown/notices.ts'],
    instead: 'showInformation, showWarning, showError or withProgress of client/src/shown/notices.ts',
  },
  {
    pattern: /\bshowQuickPick\b|\bcreateQuickPick\b|\bshowInputBox\b|\bcreateInputBox\b/g,
    within: ['client/'],
    way: ['client/src/shown/pick.ts'],
    instead: 'pick of client/src/shown/pick.ts',
  },
  {
    pattern: /\bnew MarkdownString\b|\.append(?:Markdown|Text|Codeblock)\(|\.isTrusted\s*=(?!=)|\bsupportHtml\b/g,
    within: ['client/'],
    // A snippet is no Markdown.
    way: ['client/src/shown/markdown.ts', 'client/src/stress/scenarios/scenarioEditor.ts'],
    instead: 'markdownString of client/src/shown/markdown.ts, with a text of core/harmless/markdown.ts',
  },
  {
    pattern: /\bnew TestMessage(?:StackFrame)?\b|\bcreateTestItem\b|\bappendOutput\b/g,
    within: ['client/'],
    way: ['client/src/shown/testTexts.ts'],
    instead: 'a function of client/src/shown/testTexts.ts',
  },
  {
    pattern: /\bcreateStatusBarItem\b|\bsetStatusBarMessage\b/g,
    within: ['client/'],
    way: ['client/src/status/statusBar.ts'],
    instead: 'the status bar item of client/src/status/statusBar.ts, whose words go through labelText',
  },
  {
    pattern: /\boutput\w*\.append(?:Line)?\((?!terminalText\()/gi,
    within: ['client/src/stress/'],
    way: [],
    instead: 'terminalText of core/harmless/terminal.ts around what is appended',
  },
  {
    pattern: /\bprocess\.std(?:out|err)\b|\b(?:stdout|stderr)\.write\(|\bconsole\./g,
    within: ['cli/', 'core/', 'view/'],
    way: ['cli/src/io.ts'],
    instead: 'the Io of the command (cli/src/io.ts), which lets no escape sequence through',
  },
  {
    pattern: /\bJSON\.stringify\(/g,
    within: [
      'core/report/json/',
      'core/report/html/',
      'core/report/sarif/',
      'client/src/stress/scenarios/scenarioJson.ts',
    ],
    // Keys of maps that nobody is shown.
    way: ['core/report/sarif/results.ts', 'core/report/sarif/baseline.ts'],
    instead: 'jsonText of core/harmless/json.ts or jsonInHtml of core/harmless/html.ts',
  },
  {
    pattern: /\bdangerouslySetInnerHTML\b|\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b/g,
    within: EVERYWHERE,
    way: [],
    instead: 'text of an element, or htmlText of core/harmless/html.ts',
  },
  {
    pattern: /&(?:lt|amp|quot|#39);/g,
    raw: true,
    within: EVERYWHERE,
    way: ['core/harmless/'],
    instead: 'htmlText of core/harmless/html.ts',
  },
  {
    pattern: /\\p\{(?:C[cfs]|Z[lp]|Control|Format)\}/g,
    raw: true,
    within: EVERYWHERE,
    way: ['core/harmless/'],
    instead: 'hasUnseen or replaceUnseen of core/harmless/invisible.ts, which knows all such characters',
  },
  {
    pattern: /\\\$\\\(\[a-z/g,
    raw: true,
    within: EVERYWHERE,
    way: ['core/harmless/'],
    instead: 'labelText of core/harmless/labels.ts',
  },
];

const NOT_SHIPPED = /\.(?:test|ui)\.tsx?$|\/testing\/|^client\/test\//;

/** What goes around in one source, as sentences with the line. */
export function bypassesIn(path: string, source: string): string[] {
  const masked = maskCode(source);
  return GATES.filter(
    ({ within, way }) => within.some((begin) => path.startsWith(begin)) && !way.some((begin) => path.startsWith(begin)),
  ).flatMap(({ pattern, raw = false, instead }) =>
    [...(raw ? source : masked).matchAll(pattern)].map(
      ({ index, 0: found }) => `${path}:${source.slice(0, index).split('\n').length}: ${found.trim()}: use ${instead}`,
    ),
  );
}

/** Those of all sources of the product. */
export const allBypasses = (): string[] =>
  globSync('{core,node,browser,view,server,client,cli}/**/*.{ts,tsx}', { cwd: ROOT })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !NOT_SHIPPED.test(path))
    .sort()
    .flatMap((path) => bypassesIn(path, readFileSync(join(ROOT, path), 'utf8')));
