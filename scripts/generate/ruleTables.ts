/** The index of the rules, and the table on the page of each rule about what hosts do. */

import { RULES } from '../../core/analysis/rules/index.ts';
import type { Rule } from '../../core/analysis/rules/rule.ts';
import { HOST_PROFILES } from '../../core/hosts/index.ts';
import type { HostNote, HostProfile } from '../../core/hosts/profile.ts';
import { markdownTable } from './markdown.ts';

/** The index of all rules, in Markdown. */
export const ruleIndex = (): string =>
  markdownTable(
    ['rule', 'default', 'what it says'],
    Object.values(RULES).map(({ id, defaultSeverity, summary }) => [`[${id}](${id}.md)`, defaultSeverity, summary]),
  );

/** What each host does about the subject of a rule, in Markdown. */
export const ruleHostTable = (rule: Rule): string =>
  markdownTable(
    ['host', 'by default', 'what it does', 'source'],
    Object.values(HOST_PROFILES).map((profile) => {
      const note = noteOn(rule, profile);
      return [profile.label, severityOn(rule, profile), note.text, sourcesText(note)];
    }),
  );

/** Default severity of findings under the default models of a host. */
function severityOn({ models, concerns, defaultSeverity }: Rule, profile: HostProfile): string {
  const byDefault = [profile.defaultModel(false), profile.defaultModel(true)];
  const reported = (concerns?.(profile) ?? true) && byDefault.some((model) => models.includes(model));
  return reported ? defaultSeverity : 'not reported';
}

const noteOn = ({ id, anyHost }: Rule, { notes }: HostProfile): HostNote => notes[id] ?? anyHost ?? notes.otherwise;

function sourcesText({ sources, measured }: HostNote): string {
  const links = sources.map(({ label, url }) => `[${label}](${url})`).join(', ');
  return [links, ...(measured === undefined ? [] : [`measured, ${measured}`])].filter((part) => part !== '').join('; ');
}
