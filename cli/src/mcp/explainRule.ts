/** What a rule is about: its sentences, and its page of the documentation. */
import { RULES, type RuleId } from '../../../core/analysis/rules/index.ts';
import { HOST_PROFILES, type HostId } from '../../../core/hosts/index.ts';
import { translated } from '../../../core/text/l10n.ts';
import { readRulePages } from '../../../node/rulePages.ts';
import type { Explained } from './explained.ts';

/** `whole`: with the page. */
export async function explainRule(
  id: RuleId,
  host: HostId | undefined,
  whole: boolean,
): Promise<{ text: string; data: Explained }> {
  const { title, summary, defaultSeverity, models } = RULES[id];
  const notes = host && HOST_PROFILES[host].notes;
  const note = notes && (notes[id] ?? notes.otherwise);
  const said = note?.text;
  const rule = {
    id,
    title: translated(title),
    summary: translated(summary),
    severity: defaultSeverity,
    models: [...models],
    host: said,
  };
  const head = [`${id}: ${rule.title}`, rule.summary, `Severity by default: ${defaultSeverity}.`];
  if (said !== undefined) head.push(`${host}: ${said}`);
  const parts = [head.join('\n'), ...(whole ? [await rulePage(id)] : [])];
  return { text: `${parts.join('\n\n')}\n`, data: { rule } };
}

/** The sections of its page that are about the rule itself. */
async function rulePage(id: RuleId): Promise<string> {
  const page = (await readRulePages()).get(id) ?? '';
  return (
    page
      // The title and the summary are told before.
      .replace(/^[\s\S]*?(?=^## )/m, '')
      .replace(/<!-- generated: hosts -->[\s\S]*?<!-- end -->\n*/g, '')
      .replace(/^## Severity[\s\S]*$/m, '')
      .trim()
  );
}
