/** The commands of quick fixes: open the page of a rule, change its severity, ignore a finding. */
import { commands, l10n, workspace } from 'vscode';
import { isRuleId, RULES, type RuleId } from '../../../core/analysis/rules/index.ts';
import { SEVERITIES, type Severity } from '../../../core/analysis/rules/rule.ts';
import { translated } from '../../../core/text/l10n.ts';
import type { Feature } from '../services.ts';
import { SECTION } from '../settings.ts';
import { showError } from '../shown/notices.ts';
import { pick } from '../shown/pick.ts';
import { rulePage } from '../uris.ts';
import { targetFor } from './settingsTarget.ts';
import { registerCommand } from './typedCommands.ts';

/** Registers the three commands. An id that is not a rule gets an error message with the list of rules. */
export const registerRules: Feature = (context) => {
  async function openRule(rule: string): Promise<void> {
    if (!isRuleId(rule)) return unknownRule(rule);
    await commands.executeCommand('vscode.open', rulePage(rule));
  }

  context.subscriptions.push(
    registerCommand('wasm-hazards.openRule', openRule),
    registerCommand('wasm-hazards.changeSeverity', changeSeverity),
    registerCommand('wasm-hazards.ignoreFinding', ignoreFinding),
  );
};

async function changeSeverity(rule: string): Promise<void> {
  if (!isRuleId(rule)) return unknownRule(rule);
  const settings = workspace.getConfiguration(SECTION);
  const key = `rules.${rule satisfies RuleId}`;
  const standard = RULES[rule].defaultSeverity;
  const current = settings.get<Severity>(key, standard);
  const items = SEVERITIES.map((severity) => ({
    icon: severity === current ? 'check' : undefined,
    label: severity,
    description: severity === standard ? l10n.t('default') : undefined,
    severity,
  }));
  const picked = await pick(items, {
    title: l10n.t('Severity of {0}', rule),
    placeHolder: translated(RULES[rule].title),
  });
  if (!picked) return;
  const target = targetFor(settings, key);
  await settings.update(key, picked.severity === standard ? undefined : picked.severity, target);
}

/** `key`: `<file name>:<export>:<rule>`. */
async function ignoreFinding(key: string): Promise<void> {
  const settings = workspace.getConfiguration(SECTION);
  const ignored = settings.get<string[]>('ignore', []);
  if (!ignored.includes(key)) await settings.update('ignore', [...ignored, key], targetFor(settings, 'ignore'));
}

function unknownRule(rule: string): void {
  void showError(l10n.t('There is no rule {0}. The rules are: {1}.', rule, Object.keys(RULES).join(', ')));
}
