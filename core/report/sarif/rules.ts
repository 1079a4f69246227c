/** What a log says of rules. */
import { RULE_IDS, RULES, type RuleId } from '../../analysis/rules/index.ts';
import type { Severity } from '../../analysis/rules/rule.ts';
import { translated } from '../../text/l10n.ts';
import type { Report } from '../report.ts';
import type { ReportFiles } from '../reportFiles.ts';
import type { SarifLevel, SarifRule } from './model.ts';
import { RUN_RULES, type RunRuleId } from './runRules.ts';

/** A rule of the analysis or about runs. */
export type SarifRuleId = RuleId | RunRuleId;

/** The level of a severity. A rule that is off finds nothing. */
export const LEVELS: Readonly<Record<Severity, SarifLevel>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
  off: 'note',
};

/** The rules that a command applies, in the order of `ruleIndex`. */
export const rulesOf = (command: Report['command'], files: ReportFiles): SarifRule[] =>
  command === 'check' ? RULE_IDS.map((id) => analysisRule(id, files)) : RUN_RULE_IDS.map(runRule);

/** Their ids. */
export const ruleIdsOf = (command: Report['command']): readonly SarifRuleId[] =>
  command === 'check' ? RULE_IDS : RUN_RULE_IDS;

const RUN_RULE_IDS = Object.keys(RUN_RULES) as readonly RunRuleId[];

/** GitHub shows `help.markdown` beside a finding, and elsewhere `help.text`. */
function analysisRule(id: RuleId, files: ReportFiles): SarifRule {
  const { title, summary, defaultSeverity } = RULES[id];
  const page = files.pageOf(id);
  const more = `What can happen depends on the sharing model and on the host; docs/rules/${id}.md of wasm-hazards says so for each, and how to fix it.`;
  return {
    ...descriptor(id, translated(title), translated(summary), LEVELS[defaultSeverity], 'medium'),
    help: {
      text: `${translated(summary)} ${more}`,
      ...(page === undefined ? {} : { markdown: shortened(page) }),
    },
  };
}

function runRule(id: RunRuleId): SarifRule {
  const { title, summary, level, help } = RUN_RULES[id];
  return { ...descriptor(id, title, summary, level, 'very-high'), help: { text: `${summary} ${help}` } };
}

/** `precision`: how often a finding is true. What runs show was replayed; the analysis assumes what it cannot know. */
const descriptor = (
  id: SarifRuleId,
  title: string,
  summary: string,
  level: SarifLevel,
  precision: string,
): Omit<SarifRule, 'help'> => ({
  id,
  name: pascalCase(id),
  shortDescription: { text: title },
  fullDescription: { text: summary },
  defaultConfiguration: { level },
  properties: {
    tags: ['concurrency', 'webassembly'],
    precision,
    'problem.severity': level === 'note' ? 'recommendation' : level,
  },
});

const pascalCase = (id: string): string =>
  id
    .split(/[/-]/)
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('');

/** Without links to pages that only the documentation has, comments, and the blanks that align tables. */
const shortened = (page: string): string =>
  page
    .replace(/\[([^\]]*)\]\((?!https:)[^)]*\)/g, '$1')
    .replace(/<!--.*?-->\n*/gs, '')
    .replace(/^\|.*\|$/gm, (row) => row.replace(/ {2,}\|/g, ' |').replace(/-{4,}/g, '---'));
