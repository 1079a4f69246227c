/** The index of the rules, and on the page of each what hosts do about its subject. */

import { RULES, type RuleMetadata } from '../../core/analysis/rules/metadata.ts';
import { HOST_PROFILES } from '../../core/hosts/index.ts';
import type { HostNote, HostProfile } from '../../core/hosts/profile.ts';
import { markdownTable } from './markdown.ts';

export const ruleIndex = (): string =>
  markdownTable(
    ['rule', 'default', 'what it says'],
    Object.values(RULES).map(({ id, defaultSeverity, summary }) => [`[${id}](${id}.md)`, defaultSeverity, summary]),
  );

export const ruleHostTable = (rule: RuleMetadata): string =>
  markdownTable(
    ['host', 'what it does', 'source'],
    Object.values(HOST_PROFILES).map((profile) => {
      const note = noteOn(rule, profile);
      return [profile.label, note.text, sourcesText(note)];
    }),
  );

const noteOn = ({ id, anyHost }: RuleMetadata, { notes }: HostProfile): HostNote =>
  notes[id] ?? anyHost ?? notes.otherwise;

function sourcesText({ sources, measured }: HostNote): string {
  const links = sources.map(({ label, url }) => `[${label}](${url})`).join(', ');
  return [links, ...(measured === undefined ? [] : [`measured, ${measured}`])].filter((part) => part !== '').join('; ');
}
